/** To another dtype; f32 to integers truncates towards zero. Integers carry no gradient. */
import { defineOp } from './defineOp.ts';

export const cast = defineOp('cast', {
  inferType: (attrs, [x]) => ({ shape: x.shape, dtype: attrs.to }),
  gradient: null,
});
