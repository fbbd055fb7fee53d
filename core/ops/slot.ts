/** Leaf: a slot's value at the start of the step. Its type stands in `Program.values`, so no rule can infer it. */
import { defect, defineOp } from './defineOp.ts';

export const slot = defineOp('slot', {
  inferType: (attrs) => defect('slot', `the type of "${attrs.slot}" is declared, not inferred`),
  gradient: null,
  reference: () => defect('slot', 'is read in place, it has no loop'),
});
