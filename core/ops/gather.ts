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
    return [
      () => {
        const count = elementCount(indices.shape);
        const values = b.reshape(gradient, [count, ...table.shape.slice(1)]);
        return b.segmentReduce('sum', values, b.reshape(indices, [count]), table.shape[0]!);
      },
      null,
    ];
  },
  reference({ inputs: [table, indices], output: { data } }) {
    const rowCount = table.type.shape[0]!;
    const rowSize = elementCount(table.type.shape.slice(1));
    const source = table.data;
    const rows = indices.data;
    return () => {
      for (let i = 0, q = 0; i < rows.length; i++) {
        const row = rows[i]!;
        if (row < 0 || row >= rowCount) throw new Error(`gather: row ${row} is outside ${table.label}, which has rows 0..${rowCount - 1}`);
        for (let j = 0, p = row * rowSize; j < rowSize; j++) data[q++] = source[p++]!;
      }
    };
  },
});
