/** The first index of the maximum along one axis, i32; the axis is removed. A NaN counts as the maximum. */
import { checkAxis, defect, defineOp } from './defineOp.ts';
import { elementCount } from './shapes.ts';

export const argmax = defineOp('argmax', {
  inferType({ axis }, inputs) {
    const [x] = inputs;
    checkAxis('argmax', axis, inputs);
    if (x.shape[axis] === 0) defect('argmax', 'nothing has no maximum', inputs);
    return { shape: x.shape.filter((_, i) => i !== axis), dtype: 'i32' };
  },
  gradient: null,
  reference({ attrs: { axis }, inputs: [x], output: { data } }) {
    const size = x.type.shape[axis]!;
    const inner = elementCount(x.type.shape.slice(axis + 1));
    const source = x.data;
    return () => {
      for (let i = 0; i < data.length; i++) {
        const start = Math.floor(i / inner) * size * inner + (i % inner);
        let best = 0;
        for (let j = 1; j < size; j++) {
          const value = source[start + j * inner]!;
          const bestValue = source[start + best * inner]!;
          if (value > bestValue || (Number.isNaN(value) && !Number.isNaN(bestValue))) best = j;
        }
        data[i] = best;
      }
    };
  },
});
