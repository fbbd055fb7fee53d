/**
 * The adjoint of `window`: the axes of positions and taps become one of `length` elements, each the sum of all that
 * stood for it, out[n] = Σ x[p, t] over p·stride + t·dilation = n; 0 where no window reached.
 */
import { checkAxis, defect, defineOp } from './defineOp.ts';
import { rowMajorStrides } from './shapes.ts';
import { offsetTable } from './strided.ts';
import { windowPositions } from './window.ts';

export const fold = defineOp('fold', {
  inferType({ axis, length, stride, dilation }, inputs) {
    const [x] = inputs;
    checkAxis('fold', axis, inputs);
    checkAxis('fold', axis + 1, inputs);
    if (x.dtype !== 'f32') defect('fold', 'needs f32', inputs);
    const positions = windowPositions(length, x.shape[axis + 1]!, stride, dilation);
    if (x.shape[axis] !== positions) defect('fold', `${length} elements have ${positions} windows`, inputs);
    return { shape: x.shape.toSpliced(axis, 2, length), dtype: 'f32' };
  },
  gradient({ b, attrs: { axis, stride, dilation }, inputs: [x], gradient }) {
    return [() => b.window(gradient, axis, x.shape[axis + 1]!, { stride, dilation })];
  },
  reference({ attrs: { axis, length, stride, dilation }, inputs: [x], output }) {
    const { shape } = x.type;
    const [positions, size] = [shape[axis]!, shape[axis + 1]!];
    const own = rowMajorStrides(shape);
    const [positionStep, tapStep] = [own[axis]!, own[axis + 1]!];
    // Where in x the windows of each result start, whatever its index along the axis.
    const starts = offsetTable(output.type.shape, own.toSpliced(axis, 2, 0));
    const inner = tapStep;
    const { data } = output;
    const source = x.data;
    return () => {
      for (let i = 0; i < data.length; i++) {
        const n = Math.floor(i / inner) % length;
        let total = 0;
        for (let t = 0; t < size; t++) {
          const start = n - t * dilation;
          if (start < 0) break;
          const p = start / stride;
          if (p < positions && Number.isInteger(p)) total += source[starts[i]! + p * positionStep + t * tapStep]!;
        }
        data[i] = total;
      }
    };
  },
});
