/** To another dtype; f32 to integers truncates towards zero. Integers carry no gradient. */
import { defineOp } from './defineOp.ts';

export const cast = defineOp('cast', {
  inferType: (attrs, [x]) => ({ shape: x.shape, dtype: attrs.to }),
  gradient: null,
  reference({ inputs: [x], output: { data } }) {
    const source = x.data;
    return () => {
      for (let i = 0; i < data.length; i++) data[i] = source[i]!;
    };
  },
});
