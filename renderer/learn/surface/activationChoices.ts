/** The activations that act on one unit at a time; softmax is over a whole layer. */
import { activations, type ActivationName } from '../../../core/layers/activationMath.ts';

export const activationChoices = (Object.keys(activations) as ActivationName[])
  .filter((name) => name !== 'softmax' && name !== 'logSoftmax')
  .map((value) => ({ value, label: activations[value].title }));
