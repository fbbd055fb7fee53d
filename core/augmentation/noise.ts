/** Adds normal noise to every number that goes in. */
import { defineAugmentation, rowTasks } from './defineAugmentation.ts';

export const noise = defineAugmentation({
  name: 'noise',
  param: {
    kind: 'number',
    label: 'Noise',
    doc: 'Standard deviation of noise that is added to every input, on the scale the network reads. An autoencoder learns to remove it. 0 is off, 0.1 usual.',
    default: 0,
    min: 0,
    max: 10,
  },
  source: 'Bishop 1995, Training with noise is equivalent to Tikhonov regularization; Vincent and others 2008 for autoencoders',
  inputs: ['image', 'features', 'sequence'],
  tasks: [...rowTasks, 'sequenceLabelling', 'forecasting', 'autoencoding'],
  augment: ({ b, x, strength }) => b.add(x, b.multiply(b.random('normal', x.shape), strength)),
});
