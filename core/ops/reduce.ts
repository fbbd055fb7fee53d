/**
 * Sum or maximum over some axes, which are removed. Sums accumulate in double precision. Equal maxima share the
 * gradient evenly, as PyTorch's amax does.
 */
import { checkAxis, defect, defineOp } from './defineOp.ts';

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
    return [() => {
      const winners = b.binary('equal', x, b.broadcast(output, x.shape, kept));
      const share = b.divide(gradient, b.sum(winners, attrs.axes));
      return b.select(winners, b.broadcast(share, x.shape, kept), 0);
    }];
  },
});
