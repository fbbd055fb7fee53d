/** ELU: x for x > 0, else α · (eˣ − 1). */
import * as math from './activationMath.ts';
import { defineActivation } from './activationLayer.ts';

export const elu = defineActivation({
  type: 'elu',
  title: 'ELU',
  summary: 'Negative values run smoothly towards −α, which keeps the mean of the activations near 0.',
  source: 'Clevert, Unterthiner, Hochreiter 2016, Fast and accurate deep network learning by exponential linear units',
  params: {
    alpha: { kind: 'number', label: 'α', doc: 'Negative values run towards −α.', default: 1, min: 0, max: 10, step: 0.1 },
  },
  apply: (b, x, params) => math.elu(b, x, params.alpha),
  describe: (params) => `α ${params.alpha}`,
});
