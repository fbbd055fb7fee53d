/** HardSwish: x · HardSigmoid(x). */
import * as math from './activationMath.ts';
import { defineActivation } from './activationLayer.ts';

export const hardSwish = defineActivation({
  type: 'hardSwish',
  title: 'HardSwish',
  keywords: ['swish'],
  summary: 'SiLU with the cheap HardSigmoid inside.',
  source: 'Howard et al. 2019, Searching for MobileNetV3',
  params: {},
  apply: math.hardSwish,
  describe: () => 'x · HardSigmoid(x)',
});
