/** Adagrad; formulas and defaults as torch.optim.Adagrad. */
import { decayed, defineOptimizer, stateAt } from './defineOptimizer.ts';
import { epsilonSpec, learningRateSpec, weightDecaySpec } from './specs.ts';

export const adagrad = defineOptimizer({
  type: 'adagrad',
  title: 'Adagrad',
  doc: 'Divides every step by the size of all gradients of that weight so far: rare features keep large steps, and all steps shrink with time.',
  source: 'Duchi, Hazan, Singer 2011, Adaptive subgradient methods for online learning and stochastic optimization',
  params: {
    learningRate: { ...learningRateSpec, default: 0.01 },
    learningRateDecay: {
      kind: 'number',
      label: 'Rate decay',
      doc: 'The learning rate is divided by 1 + decay · step.',
      default: 0,
      min: 0,
      max: 1,
      step: 0.0001,
      advanced: true,
    },
    initialSum: {
      kind: 'number',
      label: 'First sum',
      doc: 'What the sum of the squared gradients starts at.',
      default: 0,
      min: 0,
      max: 1000,
      step: 0.1,
      advanced: true,
    },
    epsilon: { ...epsilonSpec, default: 1e-10 },
    weightDecay: weightDecaySpec,
  },
  stateNames: () => ['sum'],
  scalars: ({ learningRateDecay }, step, learningRate) => ({ learningRate: learningRate / (1 + step * learningRateDecay) }),
  update({ b, config, parameter, gradient, states, scalar }) {
    const g = decayed(b, gradient, parameter, config.weightDecay);
    // The state starts at 0 and the first sum is added where it is used: every state starts alike.
    const sum = b.add(stateAt(states, 0), b.unary('square', g));
    const change = b.divide(g, b.add(b.unary('sqrt', b.add(sum, config.initialSum)), config.epsilon));
    return { parameter: b.subtract(parameter, b.multiply(change, scalar('learningRate'))), states: [sum] };
  },
});
