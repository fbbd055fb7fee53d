/** Moves images by whole pixels; what comes in from outside is black. */
import { defineAugmentation, rowTasks, wholeEitherWay } from './defineAugmentation.ts';
import { moved } from './resample.ts';

export const shift = defineAugmentation({
  name: 'shift',
  param: {
    kind: 'number',
    label: 'Shift',
    doc: 'Images move in both directions by up to this share of their height and width, in whole pixels. 0 is off, 0.1 usual.',
    default: 0,
    min: 0,
    max: 0.5,
  },
  source: 'Simard, Steinkraus, Platt 2003, Best practices for convolutional neural networks',
  inputs: ['image'],
  tasks: rowTasks,
  augment({ b, x, strength, black }) {
    const [batch = 1, , height = 1, width = 1] = x.shape;
    const down = wholeEitherWay(b, [batch], Math.round(strength * height));
    return moved(b, x, down, wholeEitherWay(b, [batch], Math.round(strength * width)), black);
  },
});
