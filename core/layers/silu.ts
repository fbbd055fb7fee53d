/** SiLU (Swish): x · sigmoid(x). */
import * as math from './activationMath.ts';
import { defineActivation } from './activationLayer.ts';

export const silu = defineActivation({
  type: 'silu',
  title: 'SiLU',
  keywords: ['swish'],
  summary: 'x times sigmoid(x): a smooth ReLU that dips slightly below 0. Also called Swish.',
  source: 'Elfwing, Uchibe, Doya 2018, Sigmoid-weighted linear units; Ramachandran, Zoph, Le 2017',
  params: {},
  apply: math.silu,
  describe: () => 'x · sigmoid(x)',
});
