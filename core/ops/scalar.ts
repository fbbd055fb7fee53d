/** Leaf: one of the step's scalars, such as the learning rate, () f32. */
import { defineOp } from './defineOp.ts';

export const scalar = defineOp('scalar', {
  inferType: () => ({ shape: [], dtype: 'f32' }),
  gradient: null,
  reference({ attrs, output: { data }, state }) {
    return () => {
      data[0] = state.scalars[state.scalarsStart + attrs.index]!;
    };
  },
});
