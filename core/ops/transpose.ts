/** Permutes axes: output axis i is input axis `axes[i]`. */
import { checkAxis, defect, defineOp } from './defineOp.ts';
import { rowMajorStrides } from './shapes.ts';
import { prepareCopy } from './strided.ts';

export const transpose = defineOp('transpose', {
  inferType({ axes }, inputs) {
    const [x] = inputs;
    for (const axis of axes) checkAxis('transpose', axis, inputs);
    if (axes.length !== x.shape.length || new Set(axes).size !== axes.length) {
      defect('transpose', `axes ${axes.join(', ')} are no permutation`, inputs);
    }
    return { shape: axes.map((axis) => x.shape[axis]!), dtype: x.dtype };
  },
  gradient({ b, attrs: { axes }, gradient }) {
    return [
      () =>
        b.transpose(
          gradient,
          axes.map((_, axis) => axes.indexOf(axis)),
        ),
    ];
  },
  reference({ attrs: { axes }, inputs: [x], output }) {
    const strides = rowMajorStrides(x.type.shape);
    return prepareCopy(
      output.type.shape,
      { data: x.data, start: 0, strides: axes.map((axis) => strides[axis]!) },
      { data: output.data, start: 0, strides: rowMajorStrides(output.type.shape) },
    );
  },
});
