/** To another dtype; f32 to integers truncates towards zero. Integers carry no gradient. */
import { defineOp, elementStep } from './defineOp.ts';

export const cast = defineOp('cast', {
  inferType: (attrs, [x]) => ({ shape: x.shape, dtype: attrs.to }),
  gradient: null,
  reference({ inputs: [x], output: { data } }) {
    const source = x.data;
    const step = elementStep(x);
    return () => {
      for (let i = 0, j = 0; i < data.length; i++, j += step) data[i] = source[j]!;
    };
  },
});
