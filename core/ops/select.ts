/** Chooses elementwise: condition ≠ 0 takes the second input, otherwise the third. The branch not taken gets no gradient. */
import { defect, defineOp } from './defineOp.ts';
import { sameShape } from './shapes.ts';

export const select = defineOp('select', {
  inferType(_attrs, inputs) {
    const [condition, whenTrue, whenFalse] = inputs;
    if (!sameShape(condition.shape, whenTrue.shape) || !sameShape(whenTrue.shape, whenFalse.shape)) {
      defect('select', 'needs equal shapes', inputs);
    }
    if (whenTrue.dtype !== whenFalse.dtype) defect('select', 'needs branches of one dtype', inputs);
    return whenTrue;
  },
  gradient: ({ b, inputs: [condition], gradient }) => [
    null,
    () => b.select(condition, gradient, 0),
    () => b.select(condition, 0, gradient),
  ],
});
