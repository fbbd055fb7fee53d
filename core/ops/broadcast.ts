/** Repeats: input axis i becomes output axis `axes[i]`, an axis of size 1 is stretched, other output axes are new. */
import { checkAxis, defect, defineOp } from './defineOp.ts';
import { formatShape, range, rowMajorStrides } from './shapes.ts';
import { prepareCopy } from './strided.ts';

export const broadcast = defineOp('broadcast', {
  inferType({ shape, axes }, inputs) {
    const [x] = inputs;
    if (axes.length !== x.shape.length) defect('broadcast', `${axes.length} axes named`, inputs);
    axes.forEach((axis, i) => {
      checkAxis('broadcast', axis, inputs, shape.length);
      if (i > 0 && axis <= axes[i - 1]!) defect('broadcast', `axes ${axes.join(', ')} do not ascend`, inputs);
      if (x.shape[i] !== 1 && x.shape[i] !== shape[axis]) {
        defect('broadcast', `axis ${i} does not fit axis ${axis} of ${formatShape(shape)}`, inputs);
      }
    });
    return { shape, dtype: x.dtype };
  },
  gradient({ b, attrs: { shape, axes }, inputs: [x], gradient }) {
    const repeated = range(shape.length).filter((axis) => {
      const source = axes.indexOf(axis);
      return source < 0 || x.shape[source] !== shape[axis];
    });
    return [() => b.reshape(b.sum(gradient, repeated), x.shape)];
  },
  reference({ attrs: { shape, axes }, inputs: [x], output }) {
    const { data } = x;
    const own = rowMajorStrides(x.type.shape);
    const strides = shape.map((_, axis) => {
      const source = axes.indexOf(axis);
      return source < 0 || data.length === 1 || x.type.shape[source] === 1 ? 0 : own[source]!;
    });
    return prepareCopy(shape, { data, start: 0, strides }, { data: output.data, start: 0, strides: rowMajorStrides(shape) });
  },
});
