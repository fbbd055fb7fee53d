/** Leaf: 0, 1, 2, ... along one axis, the same along all others; i32. */
import { checkAxis, defineOp } from './defineOp.ts';

export const iota = defineOp('iota', {
  inferType(attrs) {
    checkAxis('iota', attrs.axis, [], attrs.shape.length);
    return { shape: attrs.shape, dtype: 'i32' };
  },
  gradient: null,
});
