import { expect, it } from 'vitest';
import { checkOp } from '../testing/checkOp.ts';

it('gather has the right gradient, repeated rows summing up', async () => {
  await checkOp({
    inputs: { table: { shape: [4, 3] }, at: { shape: [2, 3], dtype: 'i32', values: [0, 3, 3, 1, 0, 3] } },
    build: (b, { table, at }) => b.gather(table, at),
  });
  await checkOp({
    inputs: { table: { shape: [4] }, at: { shape: [], dtype: 'i32', values: [2] } },
    build: (b, { table, at }) => b.gather(table, at),
  });
});

it('gather takes rows of bytes', async () => {
  await checkOp({
    inputs: { table: { shape: [3, 2], dtype: 'u8', values: [1, 2, 3, 4, 5, 255] }, at: { shape: [2], dtype: 'i32', values: [2, 0] } },
    build: (b, { table, at }) => b.gather(table, at),
    expected: [5, 255, 1, 2],
  });
});

it.each([-1, 3])('gather refuses row %d and names the table', async (row) => {
  const check = checkOp({
    inputs: { table: { shape: [3, 2] }, at: { shape: [1], dtype: 'i32', values: [row] } },
    build: (b, { table, at }) => b.gather(table, at),
  });
  await expect(check).rejects.toThrow(`gather: row ${row} is outside slot "table", which has rows 0..2`);
});
