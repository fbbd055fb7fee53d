/**
 * Sum or maximum over some axes, which are removed. Sums accumulate in double precision. Equal maxima share the
 * gradient evenly, as PyTorch's amax does.
 */
import { checkAxis, defect, defineOp } from './defineOp.ts';
import { rowMajorStrides } from './shapes.ts';
import { offsetTable, walk, type Walk } from './strided.ts';

/** Input axes that remain. */
function keptAxes(shape: readonly number[], axes: readonly number[]): number[] {
  return shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
}

export const reduce = defineOp('reduce', {
  inferType({ fn, axes }, inputs) {
    const [x] = inputs;
    for (const axis of axes) checkAxis('reduce', axis, inputs);
    if (new Set(axes).size !== axes.length) defect('reduce', `axes ${axes.join(', ')} repeat`, inputs);
    if (x.dtype === 'u8') defect('reduce', `${fn} needs f32 or i32, cast first`, inputs);
    if (fn === 'max' && axes.some((axis) => x.shape[axis] === 0)) defect('reduce', 'nothing has no maximum', inputs);
    return { shape: keptAxes(x.shape, axes).map((axis) => x.shape[axis]!), dtype: x.dtype };
  },
  gradient({ b, attrs, inputs: [x], output, gradient }) {
    const kept = keptAxes(x.shape, attrs.axes);
    if (attrs.fn === 'sum') return [() => b.broadcast(gradient, x.shape, kept)];
    return [
      () => {
        const winners = b.binary('equal', x, b.broadcast(output, x.shape, kept));
        const share = b.divide(gradient, b.sum(winners, attrs.axes));
        return b.select(winners, b.broadcast(share, x.shape, kept), 0);
      },
    ];
  },
  reference({ attrs: { fn, axes }, inputs: [x], output: { data } }) {
    const { shape } = x.type;
    const strides = rowMajorStrides(shape);
    const kept = keptAxes(shape, axes);
    const starts = offsetTable(
      kept.map((axis) => shape[axis]!),
      kept.map((axis) => strides[axis]!),
    );
    const summed = walk(
      axes.map((axis) => shape[axis]!),
      [axes.map((axis) => strides[axis]!)],
    );
    const {
      outer: [outer],
      innerSize,
      innerStrides: [step],
    } = summed as Walk & { outer: [Int32Array]; innerStrides: [number] };
    const source = x.data;
    if (fn === 'sum') {
      return () => {
        for (let i = 0; i < data.length; i++) {
          let total = 0;
          for (let o = 0; o < outer.length; o++) {
            for (let j = 0, p = starts[i]! + outer[o]!; j < innerSize; j++, p += step) total += source[p]!;
          }
          data[i] = total;
        }
      };
    }
    return () => {
      for (let i = 0; i < data.length; i++) {
        let best = -Infinity;
        for (let o = 0; o < outer.length; o++) {
          for (let j = 0, p = starts[i]! + outer[o]!; j < innerSize; j++, p += step) best = Math.max(best, source[p]!);
        }
        data[i] = best;
      }
    };
  },
});
