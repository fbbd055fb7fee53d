/** Makes images lighter or darker as a whole. */
import { defineAugmentation, eitherWay, rowTasks } from './defineAugmentation.ts';

export const brightness = defineAugmentation({
  name: 'brightness',
  param: {
    kind: 'number',
    label: 'Brightness',
    doc: 'All pixels of an image get lighter or darker together by up to this share of black to white. 0 is off, 0.2 usual.',
    default: 0,
    min: 0,
    max: 1,
  },
  source: 'Howard 2013, Some improvements on deep convolutional neural network based image classification',
  inputs: ['image'],
  tasks: rowTasks,
  augment({ b, x, strength, black, white }) {
    const by = b.multiply(eitherWay(b, [x.shape[0] ?? 1, 1, 1, 1]), strength * (white - black));
    return b.minimum(b.maximum(b.add(x, by), black), white);
  },
});
