/** ReLU: max(x, 0). */
import * as math from './activationMath.ts';
import { defineActivation } from './activationLayer.ts';

export const relu = defineActivation({
  type: 'relu',
  title: 'ReLU',
  keywords: ['rectifier'],
  summary:
    'Lets positive values pass and cuts negative ones to 0. Cheap, and its gradient does not fade for positive values; a unit that is never positive learns nothing more (a dead unit).',
  source: 'Nair, Hinton 2010, Rectified linear units improve restricted Boltzmann machines',
  params: {},
  apply: math.relu,
  describe: () => 'max(x, 0)',
});
