/** Stochastic gradient descent with momentum, Nesterov's variant and weight decay; formulas as torch.optim.SGD. */
import { decayed, learningRateSpec, weightDecaySpec, type OptimizerDefinition } from './defineOptimizer.ts';
import type { OptimizerConfig } from '../train/runConfig.ts';

export const sgd: OptimizerDefinition<Extract<OptimizerConfig, { type: 'sgd' }>> = {
  title: 'SGD',
  doc: 'Steps straight against the gradient; momentum keeps part of the last steps, which smooths and speeds up.',
  source: 'Robbins, Monro 1951; Polyak 1964 (momentum); Sutskever, Martens, Dahl, Hinton 2013 (Nesterov)',
  params: {
    learningRate: { ...learningRateSpec, default: 0.01 },
    momentum: {
      kind: 'number',
      label: 'Momentum',
      doc: 'Share of the last step that is kept.',
      default: 0.9,
      min: 0,
      max: 0.9999,
      step: 0.05,
    },
    nesterov: { kind: 'boolean', label: 'Nesterov', doc: 'Looks one step of momentum ahead.', default: false },
    weightDecay: weightDecaySpec,
  },
  stateNames: (config) => (config.momentum === 0 ? [] : ['momentum']),
  scalars: (_config, _step, learningRate) => ({ learningRate }),
  update({ b, config, parameter, gradient, states }) {
    const g = decayed(b, gradient, parameter, config.weightDecay);
    const learningRate = b.scalar('learningRate');
    const velocity = states[0];
    if (velocity === undefined) return { parameter: b.subtract(parameter, b.multiply(g, learningRate)), states: [] };
    // PyTorch starts the buffer at the first gradient, which is what a buffer of zeros gives without dampening.
    const moved = b.add(b.multiply(velocity, config.momentum), g);
    const direction = config.nesterov ? b.add(g, b.multiply(moved, config.momentum)) : moved;
    return { parameter: b.subtract(parameter, b.multiply(direction, learningRate)), states: [moved] };
  },
};
