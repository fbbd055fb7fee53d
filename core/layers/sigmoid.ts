/** Sigmoid: 1 ÷ (1 + e⁻ˣ). */
import { defineActivation } from './activationLayer.ts';

export const sigmoid = defineActivation({
  type: 'sigmoid',
  title: 'Sigmoid',
  keywords: ['logistic'],
  summary: 'Squashes every value to 0…1. Its gradient fades for large values of either sign, so deep stacks of it learn slowly.',
  source: 'Rumelhart, Hinton, Williams 1986, Learning representations by back-propagating errors',
  params: {},
  apply: (b, x) => b.unary('sigmoid', x),
  describe: () => '0 … 1',
});
