/** SELU: ELU with the two constants that keep mean 0 and variance 1. */
import * as math from './activationMath.ts';
import { defineActivation } from './activationLayer.ts';

export const selu = defineActivation({
  type: 'selu',
  title: 'SELU',
  summary: 'ELU scaled so that, through many layers, activations keep mean 0 and variance 1 without normalisation layers.',
  source: 'Klambauer, Unterthiner, Mayr, Hochreiter 2017, Self-normalizing neural networks',
  params: {},
  apply: math.selu,
  describe: () => 'self-normalising',
});
