/** Reverses the order along one axis. */
import { checkAxis, defineOp } from './defineOp.ts';
import { rowMajorStrides } from './shapes.ts';
import { prepareCopy } from './strided.ts';

export const flip = defineOp('flip', {
  inferType({ axis }, inputs) {
    checkAxis('flip', axis, inputs);
    return inputs[0];
  },
  gradient: ({ b, attrs: { axis }, gradient }) => [() => b.flip(gradient, axis)],
  reference({ attrs: { axis }, inputs: [x], output }) {
    const { shape } = x.type;
    const strides = rowMajorStrides(shape);
    return prepareCopy(
      shape,
      {
        data: x.data,
        start: Math.max(0, shape[axis]! - 1) * strides[axis]!,
        strides: strides.map((stride, i) => (i === axis ? -stride : stride)),
      },
      { data: output.data, start: 0, strides },
    );
  },
});
