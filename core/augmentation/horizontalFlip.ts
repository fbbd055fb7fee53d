/** Mirrors images left to right. */
import { defineAugmentation, rowTasks } from './defineAugmentation.ts';

export const horizontalFlip = defineAugmentation({
  name: 'horizontalFlip',
  param: {
    kind: 'number',
    label: 'Horizontal flip',
    doc: 'Probability that an image is mirrored left to right; not for digits and letters. 0 is off, 0.5 usual.',
    default: 0,
    min: 0,
    max: 1,
  },
  source: 'Krizhevsky, Sutskever, Hinton 2012, ImageNet classification, section 4.1',
  inputs: ['image'],
  tasks: rowTasks,
  augment({ b, x, strength }) {
    const flips = b.binary('less', b.random('uniform', [x.shape[0] ?? 1, 1, 1, 1]), strength);
    return b.select(flips, b.flip(x, 3), x);
  },
});
