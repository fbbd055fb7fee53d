/** LeakyReLU: x for x > 0, else slope · x. */
import * as math from './activationMath.ts';
import { defineActivation } from './activationLayer.ts';

export const leakyRelu = defineActivation({
  type: 'leakyRelu',
  title: 'LeakyReLU',
  summary: 'Like ReLU, but negative values keep a small slope, so that no unit can die.',
  source: 'Maas, Hannun, Ng 2013, Rectifier nonlinearities improve neural network acoustic models',
  params: {
    negativeSlope: {
      kind: 'number',
      label: 'Negative slope',
      doc: 'Slope for negative values.',
      default: 0.01,
      min: 0,
      max: 1,
      step: 0.01,
    },
  },
  apply: (b, x, params) => math.leakyRelu(b, x, params.negativeSlope),
  describe: (params) => `slope ${params.negativeSlope}`,
});
