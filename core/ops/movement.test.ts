/** The ops that only move elements: reshape, transpose, slice, pad, concat, broadcast, flip. */
import { describe, expect, it } from 'vitest';
import type { Builder, Value } from '../program/builder.ts';
import { checkOp } from '../testing/checkOp.ts';

const numbers = { shape: [2, 3], values: [1, 2, 3, 4, 5, 6] };

/** Name, construction from x (2, 3), result, its shape. */
const cases: readonly (readonly [string, (b: Builder, x: Value) => Value, readonly number[], readonly number[]])[] = [
  ['reshape', (b, x) => b.reshape(x, [3, 2]), [1, 2, 3, 4, 5, 6], [3, 2]],
  ['transpose', (b, x) => b.transpose(x, [1, 0]), [1, 4, 2, 5, 3, 6], [3, 2]],
  ['slice of rows', (b, x) => b.slice(x, 0, 1, 1), [4, 5, 6], [1, 3]],
  ['slice of columns', (b, x) => b.slice(x, -1, 1, 2), [2, 3, 5, 6], [2, 2]],
  ['empty slice', (b, x) => b.slice(x, 1, 3, 0), [], [2, 0]],
  ['pad of rows', (b, x) => b.pad(x, 0, 1, 0), [0, 0, 0, 1, 2, 3, 4, 5, 6], [3, 3]],
  ['pad of columns', (b, x) => b.pad(x, 1, 1, 2, 9), [9, 1, 2, 3, 9, 9, 9, 4, 5, 6, 9, 9], [2, 6]],
  ['concat of rows', (b, x) => b.concat([x, b.constant(7, [1, 3])], 0), [1, 2, 3, 4, 5, 6, 7, 7, 7], [3, 3]],
  ['concat of columns', (b, x) => b.concat([b.slice(x, 1, 2, 1), x, x], -1), [3, 1, 2, 3, 1, 2, 3, 6, 4, 5, 6, 4, 5, 6], [2, 7]],
  ['broadcast to new axes', (b, x) => b.broadcastTo(x, [2, 2, 3]), [1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6], [2, 2, 3]],
  ['broadcast to an inner axis', (b, x) => b.broadcast(x, [2, 2, 3], [0, 2]), [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6], [2, 2, 3]],
  ['broadcast of a stretched axis', (b, x) => b.broadcastTo(b.reshape(x, [6, 1]), [6, 2]), [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6], [6, 2]],
  ['flip of rows', (b, x) => b.flip(x, 0), [4, 5, 6, 1, 2, 3], [2, 3]],
  ['flip of columns', (b, x) => b.flip(x, -1), [3, 2, 1, 6, 5, 4], [2, 3]],
];

describe('movement', () => {
  it.each(cases)('%s', async (_name, build, expected, shape) => {
    const results = await checkOp({ inputs: { x: numbers }, build: (b, { x }) => build(b, x), expected });
    expect(results.shape).toEqual(shape);
    // A further op on the moved elements tells apart gradients that only sum up right.
    await checkOp({ inputs: { x: { shape: [2, 3] } }, build: (b, { x }) => b.unary('square', build(b, x)) });
  });

  it('works on three axes with sizes of 1', async () => {
    const inputs = { x: { shape: [3, 1, 4] } };
    await checkOp({ inputs, build: (b, { x }) => b.transpose(x, [2, 0, 1]) });
    await checkOp({ inputs, build: (b, { x }) => b.transpose(b.broadcastTo(x, [3, 5, 4]), [1, 2, 0]) });
    await checkOp({ inputs, build: (b, { x }) => b.pad(b.flip(x, 1), 1, 2, 1) });
  });

  it('moves bytes and whole numbers', async () => {
    const x = { shape: [2, 2], dtype: 'u8', values: [1, 2, 3, 255] } as const;
    await checkOp({ inputs: { x }, build: (b, v) => b.transpose(v.x, [1, 0]), expected: [1, 3, 2, 255] });
    await checkOp({ inputs: { x }, build: (b, v) => b.concat([v.x, b.flip(v.x, 0)], 1), expected: [1, 2, 3, 255, 3, 255, 1, 2] });
  });

  const mistakes: readonly (readonly [(b: Builder, x: Value) => Value, string])[] = [
    [(b, x) => b.reshape(x, [4]), 'reshape: (4) has another size; inputs f32 (2, 3)'],
    [(b, x) => b.transpose(x, [1, 1]), 'transpose: axes 1, 1 are no permutation'],
    [(b, x) => b.slice(x, 1, 2, 2), 'slice: 2..4 is outside axis 1'],
    [(b, x) => b.pad(x, 2, 1, 1), 'pad: axis 2 is outside 0..1'],
    [(b, x) => b.concat([x, b.transpose(x, [1, 0])], 0), 'concat: inputs differ outside axis 0; inputs f32 (2, 3), f32 (3, 2)'],
    [(b, x) => b.broadcastTo(x, [3, 3]), 'broadcast: axis 0 does not fit axis 0 of (3, 3)'],
    [(b, x) => b.broadcast(x, [3, 2, 1], [1, 0]), 'broadcast: axes 1, 0 do not ascend'],
    [(b, x) => b.flip(x, 5), 'flip: axis 5 is outside 0..1'],
  ];
  it.each(mistakes)('refuses mistake %#', async (build, message) => {
    await expect(checkOp({ inputs: { x: numbers }, build: (b, { x }) => build(b, x) })).rejects.toThrow(message);
  });
});
