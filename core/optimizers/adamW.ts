/** AdamW: Adam whose weight decay is decoupled from the gradient; formulas and defaults as torch.optim.AdamW. */
import { adamParams, adamScalars, adamStates, adamStep, amsgradSpec } from './adam.ts';
import { defineOptimizer, shrunk } from './defineOptimizer.ts';
import { decoupledDecaySpec } from './specs.ts';

export const adamW = defineOptimizer({
  type: 'adamw',
  title: 'AdamW',
  doc: 'Adam that shrinks the weights directly instead of through the gradient, so that the decay acts on all weights alike. Usual for transformers.',
  source: 'Loshchilov, Hutter 2019, Decoupled weight decay regularization',
  params: { ...adamParams, weightDecay: decoupledDecaySpec, amsgrad: amsgradSpec },
  stateNames: adamStates,
  scalars: (config, step, learningRate) => ({
    ...adamScalars(config, step, learningRate),
    // Not 1 − this: as f32 the small number is the more exact one.
    decay: learningRate * config.weightDecay,
  }),
  update: (context) => adamStep({ ...context, parameter: shrunk(context, context.config.weightDecay) }, context.gradient),
});
