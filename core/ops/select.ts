/** Chooses elementwise: condition ≠ 0 takes the second input, otherwise the third. The branch not taken gets no gradient. */
import { defect, defineOp, elementStep } from './defineOp.ts';
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
  reference({ inputs: [condition, whenTrue, whenFalse], output: { data } }) {
    const [c, x, y] = [condition.data, whenTrue.data, whenFalse.data];
    const [cStep, xStep, yStep] = [elementStep(condition), elementStep(whenTrue), elementStep(whenFalse)];
    return () => {
      for (let i = 0, j = 0, k = 0, l = 0; i < data.length; i++, j += cStep, k += xStep, l += yStep) {
        data[i] = c[j] !== 0 ? x[k]! : y[l]!;
      }
    };
  },
});
