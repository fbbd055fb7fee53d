/** Adadelta; formulas and defaults as torch.optim.Adadelta. */
import { average, decayed, defineOptimizer, stateAt } from './defineOptimizer.ts';
import { epsilonSpec, learningRateSpec, weightDecaySpec } from './specs.ts';

export const adadelta = defineOptimizer({
  type: 'adadelta',
  title: 'Adadelta',
  doc: 'Takes the size of its steps from the size of its own recent steps, so that no learning rate needs to be chosen; 1 leaves them as they are.',
  source: 'Zeiler 2012, ADADELTA: an adaptive learning rate method',
  params: {
    learningRate: { ...learningRateSpec, default: 1 },
    rho: {
      kind: 'number',
      label: 'ρ',
      doc: 'How much of the old mean squares of gradients and steps is kept.',
      default: 0.9,
      min: 0,
      max: 0.9999999,
      step: 0.01,
    },
    epsilon: { ...epsilonSpec, default: 1e-6 },
    weightDecay: weightDecaySpec,
  },
  stateNames: () => ['square', 'change'],
  scalars: (_config, _step, learningRate) => ({ learningRate }),
  update({ b, config, parameter, gradient, states, scalar }) {
    const { rho, epsilon } = config;
    const g = decayed(b, gradient, parameter, config.weightDecay);
    const square = average(b, stateAt(states, 0), b.unary('square', g), rho);
    const root = (x: typeof g) => b.unary('sqrt', b.add(x, epsilon));
    const change = b.multiply(b.divide(root(stateAt(states, 1)), root(square)), g);
    const changes = average(b, stateAt(states, 1), b.unary('square', change), rho);
    return { parameter: b.subtract(parameter, b.multiply(change, scalar('learningRate'))), states: [square, changes] };
  },
});
