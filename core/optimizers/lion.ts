/** Lion: steps of equal size by the sign of a mean of the gradients; formulas and constants of the paper. */
import { average, defineOptimizer, shrunk, stateAt } from './defineOptimizer.ts';
import { betaSpecs, decoupledDecaySpec, learningRateSpec } from './specs.ts';

export const lion = defineOptimizer({
  type: 'lion',
  title: 'Lion',
  doc: 'Moves every weight by the same amount, in the direction its gradients agree on. Half the memory of Adam; wants a learning rate 3 to 10 times smaller.',
  source: 'Chen and others 2023, Symbolic discovery of optimization algorithms',
  params: {
    learningRate: { ...learningRateSpec, default: 0.0001 },
    beta1: { ...betaSpecs.beta1, doc: 'How much of the old mean counts in the direction of a step.' },
    beta2: { ...betaSpecs.beta2, doc: 'How much of the old mean of the gradients is kept.', default: 0.99 },
    weightDecay: { ...decoupledDecaySpec, default: 0 },
  },
  stateNames: () => ['mean'],
  scalars: ({ weightDecay }, _step, learningRate) => ({ learningRate, decay: learningRate * weightDecay }),
  update(context) {
    const { b, config, gradient, states, scalar } = context;
    const mean = stateAt(states, 0);
    const direction = b.unary('sign', average(b, mean, gradient, config.beta1));
    const parameter = b.subtract(shrunk(context, config.weightDecay), b.multiply(direction, scalar('learningRate')));
    return { parameter, states: [average(b, mean, gradient, config.beta2)] };
  },
});
