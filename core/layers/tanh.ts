/** Tanh: the hyperbolic tangent. */
import { defineActivation } from './activationLayer.ts';

export const tanh = defineActivation({
  type: 'tanh',
  title: 'Tanh',
  keywords: ['hyperbolic'],
  summary: 'Squashes every value to −1…1 around 0. Its gradient fades for large values of either sign.',
  source: 'LeCun, Bottou, Orr, Müller 1998, Efficient BackProp',
  params: {},
  apply: (b, x) => b.unary('tanh', x),
  describe: () => '−1 … 1',
});
