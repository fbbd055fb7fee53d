/** LARS: SGD with momentum whose rate is set per parameter by η · ‖weight‖ ÷ (‖gradient‖ + decay · ‖weight‖), as in the paper. */
import { decayed, defineOptimizer, norm, stateAt, trustRatio } from './defineOptimizer.ts';
import { learningRateSpec, momentumSpec, weightDecaySpec } from './specs.ts';

export const lars = defineOptimizer({
  type: 'lars',
  title: 'LARS',
  doc: 'SGD whose step is set for every weight matrix in proportion to its own size: made for very large batches of images.',
  source: 'You, Gitman, Ginsburg 2017, Large batch training of convolutional networks',
  params: {
    learningRate: { ...learningRateSpec, default: 1 },
    momentum: momentumSpec,
    trust: {
      kind: 'number',
      label: 'Trust',
      doc: 'How far a weight matrix may move in one step, as a share of its own size, at learning rate 1.',
      default: 0.001,
      min: 0,
      openMin: true,
      max: 10,
      step: 0.001,
    },
    weightDecay: weightDecaySpec,
  },
  stateNames: () => ['momentum'],
  scalars: (_config, _step, learningRate) => ({ learningRate }),
  update({ b, config, parameter, gradient, states, scalar }) {
    const { momentum, trust, weightDecay } = config;
    const size = norm(b, parameter);
    const slope = norm(b, gradient);
    // A weight of all zeros, such as a fresh bias, has no size to go by: it takes plain steps.
    const ratio = trustRatio(
      b,
      b.multiply(size, trust),
      b.select(b.binary('lessEqual', slope, 0), 0, b.add(slope, b.multiply(size, weightDecay))),
    );
    const rate = b.multiply(ratio, scalar('learningRate'));
    const push = b.multiply(decayed(b, gradient, parameter, weightDecay), rate);
    const velocity = b.add(b.multiply(stateAt(states, 0), momentum), push);
    return { parameter: b.subtract(parameter, velocity), states: [velocity] };
  },
});
