/** LAMB: Adam's step, decay included, scaled per parameter by ‖weight‖ ÷ ‖step‖. Formulas of the paper, φ the identity. */
import { adamParams } from './adam.ts';
import { average, defineOptimizer, norm, stateAt, trustRatio } from './defineOptimizer.ts';
import { decoupledDecaySpec, epsilonSpec } from './specs.ts';

export const lamb = defineOptimizer({
  type: 'lamb',
  title: 'LAMB',
  doc: 'AdamW whose step is scaled for every weight matrix to its own size: made for very large batches.',
  source: 'You and others 2020, Large batch optimization for deep learning: training BERT in 76 minutes',
  params: { ...adamParams, epsilon: { ...epsilonSpec, default: 1e-6 }, weightDecay: decoupledDecaySpec },
  stateNames: () => ['mean', 'square'],
  scalars: ({ beta1, beta2 }, step, learningRate) => ({
    learningRate,
    meanCorrection: 1 / (1 - beta1 ** (step + 1)),
    squareCorrection: 1 / Math.sqrt(1 - beta2 ** (step + 1)),
  }),
  update({ b, config, parameter, gradient, states, scalar }) {
    const mean = average(b, stateAt(states, 0), gradient, config.beta1);
    const square = average(b, stateAt(states, 1), b.unary('square', gradient), config.beta2);
    const root = b.add(b.multiply(b.unary('sqrt', square), scalar('squareCorrection')), config.epsilon);
    const step = b.add(b.divide(b.multiply(mean, scalar('meanCorrection')), root), b.multiply(parameter, config.weightDecay));
    const rate = b.multiply(trustRatio(b, norm(b, parameter), norm(b, step)), scalar('learningRate'));
    return { parameter: b.subtract(parameter, b.multiply(step, rate)), states: [mean, square] };
  },
});
