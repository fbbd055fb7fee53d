/** Mish: x · tanh(softplus(x)). */
import * as math from './activationMath.ts';
import { defineActivation } from './activationLayer.ts';

export const mish = defineActivation({
  type: 'mish',
  title: 'Mish',
  summary: 'x times tanh(softplus(x)): smooth like SiLU, with a slightly deeper dip below 0.',
  source: 'Misra 2019, Mish: a self regularized non-monotonic activation function',
  params: {},
  apply: math.mish,
  describe: () => 'x · tanh(softplus(x))',
});
