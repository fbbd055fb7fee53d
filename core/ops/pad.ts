/** Puts `value` before and after the elements along one axis. */
import { sliceBelowWindows } from './correlate.ts';
import { checkAxis, defect, defineOp } from './defineOp.ts';
import { rowMajorStrides } from './shapes.ts';
import { prepareCopy } from './strided.ts';

export const pad = defineOp('pad', {
  inferType({ axis, before, after }, inputs) {
    const [x] = inputs;
    checkAxis('pad', axis, inputs);
    if (before < 0 || after < 0) defect('pad', `${before} before and ${after} after; slice instead`, inputs);
    return { shape: x.shape.map((size, i) => (i === axis ? before + size + after : size)), dtype: x.dtype };
  },
  gradient: ({ b, attrs: { axis, before }, inputs: [x], gradient }) => [() => sliceBelowWindows(b, gradient, axis, before, x.shape[axis]!)],
  reference({ attrs: { axis, before, value }, inputs: [x], output }) {
    const strides = rowMajorStrides(output.type.shape);
    const copy = prepareCopy(
      x.type.shape,
      { data: x.data, start: 0, strides: rowMajorStrides(x.type.shape) },
      { data: output.data, start: before * strides[axis]!, strides },
    );
    return () => {
      output.data.fill(value);
      copy();
    };
  },
});
