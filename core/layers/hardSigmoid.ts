/** HardSigmoid: min(max(x + 3, 0), 6) ÷ 6. */
import * as math from './activationMath.ts';
import { defineActivation } from './activationLayer.ts';

export const hardSigmoid = defineActivation({
  type: 'hardSigmoid',
  title: 'HardSigmoid',
  summary: 'Sigmoid made of three straight lines: cheap, and exactly 0 or 1 outside −3…3.',
  source: 'Howard et al. 2019, Searching for MobileNetV3',
  params: {},
  apply: math.hardSigmoid,
  describe: () => 'three lines, 0 … 1',
});
