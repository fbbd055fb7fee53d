/** RMSprop, plain or centred, with momentum; formulas and defaults as torch.optim.RMSprop. */
import { average, decayed, defineOptimizer, stateAt } from './defineOptimizer.ts';
import { epsilonSpec, learningRateSpec, momentumSpec, weightDecaySpec } from './specs.ts';

export const rmsProp = defineOptimizer({
  type: 'rmsprop',
  title: 'RMSprop',
  doc: 'Divides every step by the recent size of that weight’s gradients, so that steep and flat directions move alike. Long usual for recurrent networks.',
  source: 'Tieleman, Hinton 2012, Lecture 6.5, COURSERA; Graves 2013, Generating sequences with recurrent neural networks (centred)',
  params: {
    learningRate: { ...learningRateSpec, default: 0.01 },
    alpha: {
      kind: 'number',
      label: 'α',
      doc: 'How much of the old mean of the squared gradients is kept.',
      default: 0.99,
      min: 0,
      max: 0.9999999,
      step: 0.01,
    },
    momentum: { ...momentumSpec, default: 0 },
    centered: {
      kind: 'boolean',
      label: 'Centred',
      doc: 'Divides by the spread of the gradients around their mean instead of by their size.',
      default: false,
    },
    epsilon: epsilonSpec,
    weightDecay: weightDecaySpec,
  },
  stateNames: ({ centered, momentum }) => ['square', ...(centered ? ['mean'] : []), ...(momentum === 0 ? [] : ['momentum'])],
  scalars: (_config, _step, learningRate) => ({ learningRate }),
  update({ b, config, parameter, gradient, states, scalar }) {
    const { alpha, momentum, centered, epsilon } = config;
    const g = decayed(b, gradient, parameter, config.weightDecay);
    const square = average(b, stateAt(states, 0), b.unary('square', g), alpha);
    const mean = centered ? [average(b, stateAt(states, 1), g, alpha)] : [];
    // Rounding must not take the root of a number below 0.
    const spread = mean[0] === undefined ? square : b.maximum(b.subtract(square, b.unary('square', mean[0])), 0);
    const change = b.divide(g, b.add(b.unary('sqrt', spread), epsilon));
    const velocity = momentum === 0 ? [] : [b.add(b.multiply(stateAt(states, centered ? 2 : 1), momentum), change)];
    const moved = b.subtract(parameter, b.multiply(velocity[0] ?? change, scalar('learningRate')));
    return { parameter: moved, states: [square, ...mean, ...velocity] };
  },
});
