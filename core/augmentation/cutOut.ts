/** Blackens a square somewhere in each image; near the border a part of it lies outside. */
import type { Value } from '../program/builder.ts';
import { defineAugmentation, rowTasks } from './defineAugmentation.ts';

export const cutOut = defineAugmentation({
  name: 'cutOut',
  param: {
    kind: 'integer',
    label: 'Cut-out',
    doc: 'Side of a square that is blackened at a random place of each image. 0 is off; 16 for 32 × 32.',
    default: 0,
    min: 0,
    max: 1024,
    unit: 'px',
  },
  source: 'DeVries, Taylor 2017, Improved regularization of convolutional neural networks with cutout',
  inputs: ['image'],
  tasks: rowTasks,
  refuses([, height = 1, width = 1], strength) {
    const most = Math.max(height, width);
    return strength <= most ? undefined : `expected a square of at most ${most} px for images ${height} × ${width}, got ${strength}`;
  },
  augment({ b, x, strength, black }) {
    const [batch = 1, , height = 1, width = 1] = x.shape;
    // The square's first row and column; its centre may be any pixel.
    const within = (axis: number, size: number): Value => {
      const centre = b.unary('floor', b.multiply(b.random('uniform', [batch, 1, 1, 1]), size));
      const shape = [batch, 1, axis === 2 ? size : 1, axis === 3 ? size : 1];
      const from = b.subtract(b.cast(b.iota(shape, axis), 'f32'), b.subtract(centre, Math.floor(strength / 2)));
      return b.multiply(b.binary('lessEqual', b.constant(0), from), b.binary('less', from, strength));
    };
    return b.select(b.multiply(within(2, height), within(3, width)), black, x);
  },
});
