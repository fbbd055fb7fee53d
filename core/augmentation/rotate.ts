/** Turns images around their centre; each pixel is read between its four neighbours, black beyond the border. */
import type { Value } from '../program/builder.ts';
import { defineAugmentation, eitherWay, rowTasks } from './defineAugmentation.ts';
import { pixelsAt } from './resample.ts';

export const rotate = defineAugmentation({
  name: 'rotate',
  param: {
    kind: 'number',
    label: 'Rotation',
    doc: 'Images turn by up to so many degrees either way. 0 is off, 10 usual.',
    default: 0,
    min: 0,
    max: 180,
    unit: '°',
  },
  source: 'Simard, Steinkraus, Platt 2003, Best practices for convolutional neural networks',
  inputs: ['image'],
  tasks: rowTasks,
  augment({ b, x, strength, black }) {
    const [batch = 1, , height = 1, width = 1] = x.shape;
    const places = [batch, height, width];
    const angle = b.multiply(eitherWay(b, [batch, 1, 1]), (strength * Math.PI) / 180);
    const [cos, sin] = [b.unary('cos', angle), b.unary('sin', angle)];
    const centred = (axis: number, size: number): Value => b.subtract(b.cast(b.iota(places, axis), 'f32'), (size - 1) / 2);
    const [down, right] = [centred(1, height), centred(2, width)];
    // Where the pixel at (down, right) comes from: the turn backwards.
    const fromDown = b.add(b.subtract(b.multiply(cos, down), b.multiply(sin, right)), (height - 1) / 2);
    const fromRight = b.add(b.add(b.multiply(sin, down), b.multiply(cos, right)), (width - 1) / 2);
    const [row, column] = [b.unary('floor', fromDown), b.unary('floor', fromRight)];
    const [below, beside] = [b.subtract(fromDown, row), b.subtract(fromRight, column)];
    const read = (rows: number, columns: number, weight: Value): Value => {
      const pixels = pixelsAt(b, x, b.cast(b.add(row, rows), 'i32'), b.cast(b.add(column, columns), 'i32'), black);
      return b.multiply(pixels, b.reshape(weight, [batch, 1, height, width]));
    };
    const [above, before] = [b.subtract(1, below), b.subtract(1, beside)];
    return b.add(
      b.add(read(0, 0, b.multiply(above, before)), read(0, 1, b.multiply(above, beside))),
      b.add(read(1, 0, b.multiply(below, before)), read(1, 1, b.multiply(below, beside))),
    );
  },
});
