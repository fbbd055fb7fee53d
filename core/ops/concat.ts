/** Joins tensors along one axis. */
import { checkAxis, defect, defineOp } from './defineOp.ts';
import { rowMajorStrides } from './shapes.ts';
import { prepareCopy } from './strided.ts';

export const concat = defineOp('concat', {
  inferType({ axis }, inputs) {
    const [first, ...rest] = inputs;
    if (first === undefined) defect('concat', 'needs an input');
    checkAxis('concat', axis, inputs);
    for (const other of rest) {
      const fits =
        other.dtype === first.dtype &&
        other.shape.length === first.shape.length &&
        other.shape.every((size, i) => i === axis || size === first.shape[i]);
      if (!fits) defect('concat', `inputs differ outside axis ${axis}`, inputs);
    }
    const total = inputs.reduce((sum, input) => sum + input.shape[axis]!, 0);
    return { shape: first.shape.map((size, i) => (i === axis ? total : size)), dtype: first.dtype };
  },
  gradient({ b, attrs: { axis }, inputs, gradient }) {
    let start = 0;
    return inputs.map((input) => {
      const from = start;
      start += input.shape[axis]!;
      return () => b.slice(gradient, axis, from, input.shape[axis]!);
    });
  },
  reference({ attrs: { axis }, inputs, output }) {
    const strides = rowMajorStrides(output.type.shape);
    let start = 0;
    const copies = inputs.map(({ data, type: { shape } }) => {
      const from = start;
      start += shape[axis]! * strides[axis]!;
      return prepareCopy(shape, { data, start: 0, strides: rowMajorStrides(shape) }, { data: output.data, start: from, strides });
    });
    return () => {
      for (let i = 0; i < copies.length; i++) copies[i]!();
    };
  },
});
