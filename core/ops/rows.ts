/** Leaf: this step's row indices, (B) i32. Their number is the program's batch size, so no rule can infer it. */
import { defect, defineOp } from './defineOp.ts';

export const rows = defineOp('rows', {
  inferType: () => defect('rows', 'the batch size is declared, not inferred'),
  gradient: null,
});
