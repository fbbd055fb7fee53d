/** AdamW: Adam whose weight decay is decoupled from the gradient; formulas and defaults as torch.optim.AdamW. */
import type { OptimizerConfig } from '../train/runConfig.ts';
import { adamParams, adamScalars, adamStep } from './adam.ts';
import { weightDecaySpec, type OptimizerDefinition } from './defineOptimizer.ts';

export const adamW: OptimizerDefinition<Extract<OptimizerConfig, { type: 'adamw' }>> = {
  title: 'AdamW',
  doc: 'Adam that shrinks the weights directly instead of through the gradient, so that the decay acts on all weights alike. Usual for transformers.',
  source: 'Loshchilov, Hutter 2019, Decoupled weight decay regularization',
  params: {
    ...adamParams,
    weightDecay: { ...weightDecaySpec, doc: 'Share of every weight that is taken off per unit of learning rate.', default: 0.01 },
  },
  stateNames: () => ['mean', 'square'],
  scalars: (config, step, learningRate) => ({
    ...adamScalars(config, step, learningRate),
    // Not 1 − this: as f32 the small number is the more exact one.
    decay: learningRate * config.weightDecay,
  }),
  update(context) {
    const { b, config, parameter, gradient } = context;
    const shrunk = config.weightDecay === 0 ? parameter : b.subtract(parameter, b.multiply(parameter, b.scalar('decay')));
    return adamStep({ ...context, parameter: shrunk }, gradient);
  },
};
