/** Leaf: one number in every element. */
import { defect, defineOp } from './defineOp.ts';

export const constant = defineOp('constant', {
  inferType(attrs) {
    if (attrs.dtype !== 'f32' && !Number.isInteger(attrs.value)) defect('constant', `${attrs.value} is no ${attrs.dtype}`);
    return { shape: attrs.shape, dtype: attrs.dtype };
  },
  gradient: null,
  reference:
    ({ attrs, output }) =>
    () =>
      void output.data.fill(attrs.value),
});
