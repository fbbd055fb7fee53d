/** `length` elements from `start` along one axis. */
import { checkAxis, defect, defineOp } from './defineOp.ts';
import { rowMajorStrides } from './shapes.ts';
import { prepareCopy } from './strided.ts';

export const slice = defineOp('slice', {
  inferType({ axis, start, length }, inputs) {
    const [x] = inputs;
    checkAxis('slice', axis, inputs);
    if (start < 0 || length < 0 || start + length > x.shape[axis]!) {
      defect('slice', `${start}..${start + length} is outside axis ${axis}`, inputs);
    }
    return { shape: x.shape.map((size, i) => (i === axis ? length : size)), dtype: x.dtype };
  },
  gradient({ b, attrs: { axis, start, length }, inputs: [x], gradient }) {
    return [() => b.pad(gradient, axis, start, x.shape[axis]! - start - length)];
  },
  reference({ attrs: { axis, start }, inputs: [x], output }) {
    const strides = rowMajorStrides(x.type.shape);
    return prepareCopy(
      output.type.shape,
      { data: x.data, start: start * strides[axis]!, strides },
      { data: output.data, start: 0, strides: rowMajorStrides(output.type.shape) },
    );
  },
});
