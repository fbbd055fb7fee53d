/** Stochastic gradient descent with momentum, dampening, Nesterov's variant and weight decay; formulas as torch.optim.SGD. */
import { decayed, defineOptimizer } from './defineOptimizer.ts';
import { learningRateSpec, momentumSpec, weightDecaySpec } from './specs.ts';

export const sgd = defineOptimizer({
  type: 'sgd',
  title: 'SGD',
  doc: 'Steps straight against the gradient; momentum keeps part of the last steps, which smooths and speeds up.',
  source: 'Robbins, Monro 1951; Polyak 1964 (momentum); Sutskever, Martens, Dahl, Hinton 2013 (Nesterov)',
  params: {
    learningRate: { ...learningRateSpec, default: 0.01 },
    momentum: momentumSpec,
    nesterov: { kind: 'boolean', label: 'Nesterov', doc: 'Looks one step of momentum ahead.', default: false },
    dampening: {
      kind: 'number',
      label: 'Dampening',
      doc: 'Share of every new gradient that momentum leaves out; the first step is taken whole.',
      default: 0,
      min: 0,
      max: 1,
      step: 0.05,
      advanced: true,
    },
    weightDecay: weightDecaySpec,
  },
  stateNames: (config) => (config.momentum === 0 ? [] : ['momentum']),
  scalars: ({ dampening }, step, learningRate) => ({ learningRate, undampened: step === 0 ? 1 : 1 - dampening }),
  update({ b, config, parameter, gradient, states, scalar }) {
    const g = decayed(b, gradient, parameter, config.weightDecay);
    const learningRate = scalar('learningRate');
    const velocity = states[0];
    if (velocity === undefined) return { parameter: b.subtract(parameter, b.multiply(g, learningRate)), states: [] };
    // PyTorch starts the buffer at the first gradient, which is what a buffer of zeros gives with a first step undampened.
    const push = config.dampening === 0 ? g : b.multiply(g, scalar('undampened'));
    const moved = b.add(b.multiply(velocity, config.momentum), push);
    const direction = config.nesterov ? b.add(g, b.multiply(moved, config.momentum)) : moved;
    return { parameter: b.subtract(parameter, b.multiply(direction, learningRate)), states: [moved] };
  },
});
