/** Leaf: one of the step's scalars, such as the learning rate, () f32. */
import { defineOp } from './defineOp.ts';

export const scalar = defineOp('scalar', {
  inferType: () => ({ shape: [], dtype: 'f32' }),
  gradient: null,
});
