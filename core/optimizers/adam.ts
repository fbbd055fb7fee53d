/** Adam with bias correction and coupled weight decay; formulas as torch.optim.Adam. */
import { decayed, learningRateSpec, weightDecaySpec, type OptimizerDefinition } from './defineOptimizer.ts';
import type { OptimizerConfig } from '../train/runConfig.ts';

export const adam: OptimizerDefinition<Extract<OptimizerConfig, { type: 'adam' }>> = {
  title: 'Adam',
  doc: 'Gives every weight its own step size from the mean and spread of its recent gradients. Works well with its defaults.',
  source: 'Kingma, Ba 2015, Adam: a method for stochastic optimization',
  params: {
    learningRate: { ...learningRateSpec, default: 0.001 },
    beta1: {
      kind: 'number',
      label: 'β₁',
      doc: 'How much of the old mean of the gradients is kept.',
      default: 0.9,
      min: 0,
      max: 0.9999,
      step: 0.01,
    },
    beta2: {
      kind: 'number',
      label: 'β₂',
      doc: 'How much of the old mean of the squared gradients is kept.',
      default: 0.999,
      min: 0,
      max: 0.99999,
      step: 0.001,
    },
    epsilon: {
      kind: 'number',
      label: 'ε',
      doc: 'Keeps the division finite where gradients are tiny.',
      default: 1e-8,
      min: 0,
      max: 1,
      step: 1e-8,
    },
    weightDecay: weightDecaySpec,
  },
  stateNames: () => ['mean', 'square'],
  scalars: (config, step, learningRate) => ({
    stepSize: learningRate / (1 - config.beta1 ** (step + 1)),
    squareCorrection: 1 / Math.sqrt(1 - config.beta2 ** (step + 1)),
  }),
  update({ b, config, parameter, gradient, states }) {
    const [mean, square] = states;
    if (mean === undefined || square === undefined) throw new Error('Adam needs two states per parameter.');
    const g = decayed(b, gradient, parameter, config.weightDecay);
    const newMean = b.add(mean, b.multiply(b.subtract(g, mean), 1 - config.beta1));
    const newSquare = b.add(b.multiply(square, config.beta2), b.multiply(b.unary('square', g), 1 - config.beta2));
    const root = b.multiply(b.unary('sqrt', newSquare), b.scalar('squareCorrection'));
    const change = b.divide(newMean, b.add(root, config.epsilon));
    return { parameter: b.subtract(parameter, b.multiply(change, b.scalar('stepSize'))), states: [newMean, newSquare] };
  },
};
