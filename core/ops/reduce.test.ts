import { describe, expect, it } from 'vitest';
import { checkOp } from '../testing/checkOp.ts';

const axesOfThree = [[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2], [-1]];

describe('reduce', () => {
  it.each(axesOfThree)('sums over axes %j', async (...axes) => {
    await checkOp({ inputs: { x: { shape: [3, 4, 5] } }, build: (b, { x }) => b.sum(x, axes) });
    await checkOp({ inputs: { x: { shape: [3, 1, 2] } }, build: (b, { x }) => b.sum(x, axes, true) });
  });

  it.each(axesOfThree)('takes maxima over axes %j', async (...axes) => {
    await checkOp({ inputs: { x: { shape: [3, 4, 5] } }, build: (b, { x }) => b.max(x, axes) });
  });

  it('sums what one can count', async () => {
    const x = { shape: [2, 3], values: [1, 2, 3, 4, 5, 6] };
    await checkOp({ inputs: { x }, build: (b, v) => b.sum(v.x, [0]), expected: [5, 7, 9] });
    await checkOp({ inputs: { x }, build: (b, v) => b.mean(v.x, [1], true), expected: [2, 5] });
    await checkOp({ inputs: { x }, build: (b, v) => b.max(v.x, [0, 1]), expected: [6] });
    await checkOp({
      inputs: { x },
      build: (b, v) => b.sum(b.cast(v.x, 'i32'), [1]),
      expected: [6, 15],
      expectedGradients: { x: [0, 0, 0, 0, 0, 0] },
    });
  });

  it('shares the gradient among equal maxima', async () => {
    const inputs = { x: { shape: [2, 3], values: [1, 5, 5, -1, -1, -1] } };
    const third = 1 / 3;
    await checkOp({
      inputs,
      build: (b, { x }) => b.max(x, [1]),
      expected: [5, -1],
      expectedGradients: { x: [0, 0.5, 0.5, third, third, third] },
    });
  });

  it('keeps NaN and sums nothing to 0', async () => {
    await checkOp({
      inputs: { x: { shape: [2], values: [NaN, 1] } },
      build: (b, { x }) => b.max(x, [0]),
      expected: [NaN],
      expectedGradients: { x: [0, 0] },
    });
    await checkOp({ inputs: { x: { shape: [2, 0] } }, build: (b, { x }) => b.sum(x, [1]), expected: [0, 0] });
  });

  it('names a wrong axis', async () => {
    await expect(checkOp({ inputs: { x: { shape: [2, 3] } }, build: (b, { x }) => b.sum(x, [2]) })).rejects.toThrow(
      'reduce: axis 2 is outside 0..1; inputs f32 (2, 3)',
    );
    await expect(checkOp({ inputs: { x: { shape: [0] } }, build: (b, { x }) => b.max(x, [0]) })).rejects.toThrow(
      'reduce: nothing has no maximum',
    );
  });
});
