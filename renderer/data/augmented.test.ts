import { expect, it } from 'vitest';
import { augmentedLayout, withCopies } from './augmented.ts';

it('lays each image beside its changed copies', () => {
  const copies = withCopies([Uint8Array.of(1, 2), Uint8Array.of(3, 4)]);
  expect(copies.count).toBe(10);
  expect([...copies.bytes.subarray(8, 14)]).toEqual([1, 2, 3, 4, 3, 4]);
  const sheet = copies.beside(new Uint8Array(20).fill(9));
  expect([...sheet]).toEqual([1, 2, ...new Array<number>(8).fill(9), 3, 4, ...new Array<number>(8).fill(9)]);
  expect(augmentedLayout([1, 28, 28], 2)).toEqual({ columns: 5, rows: 2, gap: 2, width: 148, height: 58 });
});
