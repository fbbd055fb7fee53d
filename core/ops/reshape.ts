/** The same elements in the same order under another shape; the planner makes it free. */
import { defect, defineOp } from './defineOp.ts';
import { elementCount, formatShape } from './shapes.ts';

export const reshape = defineOp('reshape', {
  inferType({ shape }, inputs) {
    if (elementCount(shape) !== elementCount(inputs[0].shape)) defect('reshape', `${formatShape(shape)} has another size`, inputs);
    return { shape, dtype: inputs[0].dtype };
  },
  gradient: ({ b, inputs: [x], gradient }) => [() => b.reshape(gradient, x.shape)],
  /** Only where the planner can't make it a view. */
  reference({ inputs: [x], output: { data } }) {
    const source = x.data;
    return () => {
      for (let i = 0; i < data.length; i++) data[i] = source[i]!;
    };
  },
});
