/** Leaf: this step's row indices, (B) i32. Their number is the program's batch size, so no rule can infer it. */
import { defect, defineOp } from './defineOp.ts';

export const rows = defineOp('rows', {
  inferType: () => defect('rows', 'the batch size is declared, not inferred'),
  gradient: null,
  reference({ output: { data }, state }) {
    return () => {
      for (let i = 0; i < data.length; i++) data[i] = state.rows[state.rowsStart + i]!;
    };
  },
});
