/** Softplus: log(1 + eˣ). */
import * as math from './activationMath.ts';
import { defineActivation } from './activationLayer.ts';

export const softplus = defineActivation({
  type: 'softplus',
  title: 'Softplus',
  summary: 'A smooth ReLU that is always positive.',
  source: 'Dugas, Bengio, Bélisle, Nadeau, Garcia 2001, Incorporating second-order functional knowledge',
  params: {},
  apply: math.softplus,
  describe: () => 'log(1 + eˣ)',
});
