/** Leaf: 0, 1, 2, ... along one axis, the same along all others; i32. */
import { checkAxis, defineOp } from './defineOp.ts';
import { elementCount } from './shapes.ts';

export const iota = defineOp('iota', {
  inferType(attrs) {
    checkAxis('iota', attrs.axis, [], attrs.shape.length);
    return { shape: attrs.shape, dtype: 'i32' };
  },
  gradient: null,
  reference({ attrs: { axis, shape }, output: { data } }) {
    const size = shape[axis]!;
    const inner = elementCount(shape.slice(axis + 1));
    return () => {
      for (let i = 0; i < data.length; i++) data[i] = Math.floor(i / inner) % size;
    };
  },
});
