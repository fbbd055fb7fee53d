/**
 * Sliding windows along one axis: the axis becomes two, positions and taps, out[…, p, t, …] = x[…, p·stride + t·dilation, …].
 * A pure view, also known as im2col: windows over two axes followed by `contract` are a convolution. Padding comes before,
 * as a `pad`.
 */
import { checkAxis, defect, defineOp } from './defineOp.ts';
import { foldOrCorrelate } from './correlate.ts';
import { rowMajorStrides } from './shapes.ts';
import { prepareCopy } from './strided.ts';

/** Whole windows that fit into `length` elements; 0 or less where none does. */
export function windowPositions(length: number, size: number, stride: number, dilation: number): number {
  return Math.floor((length - dilation * (size - 1) - 1) / stride) + 1;
}

export const window = defineOp('window', {
  inferType({ axis, size, stride, dilation }, inputs) {
    const [x] = inputs;
    checkAxis('window', axis, inputs);
    if (![size, stride, dilation].every((n) => Number.isInteger(n) && n >= 1)) {
      defect('window', `size ${size}, stride ${stride} and dilation ${dilation} should be whole and at least 1`, inputs);
    }
    const positions = windowPositions(x.shape[axis]!, size, stride, dilation);
    if (positions < 1) defect('window', `${size} taps ${dilation} apart don't fit axis ${axis}`, inputs);
    return { shape: x.shape.toSpliced(axis, 1, positions, size), dtype: x.dtype };
  },
  gradient({ b, attrs, inputs: [x], gradient }) {
    return [() => foldOrCorrelate(b, gradient, attrs, x.shape[attrs.axis]!)];
  },
  reference({ attrs: { axis, stride, dilation }, inputs: [x], output }) {
    const own = rowMajorStrides(x.type.shape);
    const strides = own.toSpliced(axis, 1, own[axis]! * stride, own[axis]! * dilation);
    const { shape } = output.type;
    return prepareCopy(shape, { data: x.data, start: 0, strides }, { data: output.data, start: 0, strides: rowMajorStrides(shape) });
  },
});
