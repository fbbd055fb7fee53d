import { describe, expect, it } from 'vitest';
import type { BinaryFn } from '../program/program.ts';
import { checkOp } from '../testing/checkOp.ts';

/** Ranges of the two operands at which each function is smooth. */
const ranges: { [F in BinaryFn]: readonly (readonly [number, number])[] } = {
  add: [
    [-2, 2],
    [-2, 2],
  ],
  subtract: [
    [-2, 2],
    [-2, 2],
  ],
  multiply: [
    [-2, 2],
    [-2, 2],
  ],
  divide: [
    [-2, 2],
    [0.5, 2],
  ],
  maximum: [
    [-2, 0],
    [0.1, 2],
  ],
  minimum: [
    [-2, 0],
    [0.1, 2],
  ],
  power: [
    [0.5, 2],
    [-2, 2],
  ],
  equal: [
    [-2, 0],
    [0.1, 2],
  ],
  less: [
    [-2, 0],
    [0.1, 2],
  ],
  lessEqual: [
    [-2, 0],
    [0.1, 2],
  ],
};

describe('binary', () => {
  it.each(Object.entries(ranges))('%s has the right gradients, also swapped and broadcast', async (name, [low, high]) => {
    const fn = name as BinaryFn;
    await checkOp({
      inputs: { x: { shape: [3, 4], range: low! }, y: { shape: [3, 4], range: high! } },
      build: (b, { x, y }) => b.binary(fn, x, y),
    });
    await checkOp({
      inputs: { x: { shape: [2, 3, 1], range: low! }, y: { shape: [4], range: high! } },
      build: (b, { x, y }) => b.binary(fn, x, y),
    });
    if (fn === 'maximum' || fn === 'minimum') {
      await checkOp({
        inputs: { x: { shape: [3], range: low! }, y: { shape: [3], range: high! } },
        build: (b, { x, y }) => b.binary(fn, y, x),
      });
    }
  });

  // Function, operands, value, slope by x, slope by y.
  const points: readonly (readonly [BinaryFn, number, number, number, number, number])[] = [
    ['maximum', 1, 1, 1, 0.5, 0.5],
    ['minimum', 1, 1, 1, 0.5, 0.5],
    ['maximum', NaN, 1, NaN, 0, 0],
    ['minimum', 1, NaN, NaN, 0, 0],
    ['power', 2, 0, 1, 0, Math.LN2],
    ['power', 0, 2, 0, 0, 0],
    ['power', 0, 0, 1, 0, 0],
    ['power', -2, 3, -8, 12, NaN],
    ['equal', 1, 1, 1, 0, 0],
    ['less', 1, 1, 0, 0, 0],
    ['lessEqual', 1, 1, 1, 0, 0],
    ['less', NaN, 1, 0, 0, 0],
  ];
  it.each(points)('%s(%d, %d) is %d with slopes %d, %d', async (fn, x, y, value, xSlope, ySlope) => {
    await checkOp({
      inputs: { x: { shape: [1], values: [x] }, y: { shape: [1], values: [y] } },
      build: (b, v) => b.binary(fn, v.x, v.y),
      expected: [value],
      expectedGradients: { x: [xSlope], y: [ySlope] },
    });
  });

  it("has relu's slope 0 at 0 in maximum(x, 0)", async () => {
    await checkOp({
      inputs: { x: { shape: [3], values: [-1, 0, 1] } },
      build: (b, { x }) => b.maximum(x, 0),
      expected: [0, 0, 1],
      expectedGradients: { x: [0, 0, 1] },
    });
  });

  it('compares and adds whole numbers', async () => {
    const inputs = { x: { shape: [3], dtype: 'i32', values: [1, 2, 3] }, y: { shape: [3], dtype: 'i32', values: [3, 2, 1] } } as const;
    await checkOp({ inputs, build: (b, { x, y }) => b.binary('equal', x, y), expected: [0, 1, 0] });
    await checkOp({ inputs, build: (b, { x, y }) => b.add(b.multiply(x, 10), y), expected: [13, 22, 31] });
  });

  it('names shapes that do not fit', async () => {
    const check = checkOp({ inputs: { x: { shape: [2, 3] }, y: { shape: [2] } }, build: (b, { x, y }) => b.add(x, y) });
    await expect(check).rejects.toThrow('add: shapes do not broadcast; inputs f32 (2, 3), f32 (2)');
    const mixed = checkOp({ inputs: { x: { shape: [2] }, y: { shape: [2], dtype: 'i32' } }, build: (b, { x, y }) => b.add(x, y) });
    await expect(mixed).rejects.toThrow('binary: add needs equal dtypes; inputs f32 (2), i32 (2)');
  });
});
