/** Moves the pixels of an image towards its mean or away from it. */
import { defineAugmentation, eitherWay, rowTasks } from './defineAugmentation.ts';

export const contrast = defineAugmentation({
  name: 'contrast',
  param: {
    kind: 'number',
    label: 'Contrast',
    doc: "Distances from an image's mean are stretched or shrunk by up to this share. 0 is off, 0.2 usual.",
    default: 0,
    min: 0,
    max: 1,
  },
  source: 'Howard 2013, Some improvements on deep convolutional neural network based image classification',
  inputs: ['image'],
  tasks: rowTasks,
  augment({ b, x, strength, black, white }) {
    const factor = b.add(b.multiply(eitherWay(b, [x.shape[0] ?? 1, 1, 1, 1]), strength), 1);
    const mean = b.mean(x, [1, 2, 3], true);
    return b.minimum(b.maximum(b.add(b.multiply(b.subtract(x, mean), factor), mean), black), white);
  },
});
