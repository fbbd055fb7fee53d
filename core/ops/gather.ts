/** Rows of a table's first axis by index: batches from data columns, embeddings. An index outside the table is an error. */
import { defect, defineOp } from './defineOp.ts';
import { elementCount } from './shapes.ts';

export const gather = defineOp('gather', {
  inferType(_attrs, inputs) {
    const [table, indices] = inputs;
    if (indices.dtype !== 'i32') defect('gather', 'needs i32 indices', inputs);
    if (table.shape.length === 0) defect('gather', 'needs a table with rows', inputs);
    return { shape: [...indices.shape, ...table.shape.slice(1)], dtype: table.dtype };
  },
  gradient({ b, inputs: [table, indices], gradient }) {
    if (table.dtype !== 'f32') return [null, null];
    return [() => {
      const count = elementCount(indices.shape);
      const values = b.reshape(gradient, [count, ...table.shape.slice(1)]);
      return b.segmentReduce('sum', values, b.reshape(indices, [count]), table.shape[0]!);
    }, null];
  },
});
