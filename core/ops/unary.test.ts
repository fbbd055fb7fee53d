import { describe, expect, it } from 'vitest';
import type { Builder, Value } from '../program/builder.ts';
import type { UnaryFn } from '../program/program.ts';
import { checkOp } from '../testing/checkOp.ts';

/** A range of smooth points for each function. */
const ranges: { [F in UnaryFn]: readonly [number, number] } = {
  negate: [-2, 2],
  abs: [0.1, 2],
  sign: [0.1, 2],
  exp: [-2, 2],
  log: [0.2, 3],
  log1p: [-0.5, 3],
  sqrt: [0.2, 3],
  rsqrt: [0.3, 3],
  reciprocal: [0.3, 3],
  square: [-2, 2],
  tanh: [-2, 2],
  sigmoid: [-4, 4],
  erf: [-3, 3],
  sin: [-3, 3],
  cos: [-3, 3],
  floor: [0.1, 0.9],
  isFinite: [-2, 2],
};

describe('unary', () => {
  it.each(Object.entries(ranges))('%s has the right gradient', async (fn, range) => {
    await checkOp({ inputs: { x: { shape: [3, 5], range } }, build: (b, { x }) => b.unary(fn as UnaryFn, x) });
  });

  // Function, argument, value, slope; slopes at kinks as PyTorch has them.
  const points: readonly (readonly [UnaryFn, number, number, number])[] = [
    ['abs', 0, 0, 0],
    ['abs', -3, 3, -1],
    ['sign', 0, 0, 0],
    ['sign', -3, -1, 0],
    ['floor', -0.5, -1, 0],
    ['sigmoid', 1000, 1, 0],
    ['sigmoid', -1000, 0, 0],
    ['tanh', 1000, 1, 0],
    ['log1p', 2 ** -40, 2 ** -40 - 2 ** -81, 1 / (1 + 2 ** -40)],
    ['erf', 0, 0, 2 / Math.sqrt(Math.PI)],
    ['erf', 1, 0.8427007929497149, 0.41510749742059466],
    ['erf', 2.5, 0.999593047982555, 0.0021782842303527063],
    ['erf', -4, -0.9999999845827421, 1.2698234671866558e-7],
    ['isFinite', Infinity, 0, 0],
    ['isFinite', NaN, 0, 0],
    ['isFinite', 1, 1, 0],
    ['rsqrt', 4, 0.5, -1 / 16],
  ];
  it.each(points)('%s at %d is %d with slope %d', async (fn, x, value, slope) => {
    await checkOp({
      inputs: { x: { shape: [1], values: [x] } },
      build: (b, v) => b.unary(fn, v.x),
      expected: [value],
      expectedGradients: { x: [slope] },
    });
  });

  it('keeps NaN', async () => {
    for (const fn of ['tanh', 'sigmoid', 'erf', 'exp', 'sqrt'] as const) {
      const check = { inputs: { x: { shape: [1], values: [NaN] } }, build: (b: Builder, v: { x: Value }) => b.unary(fn, v.x) };
      await checkOp({ ...check, expected: [NaN], expectedGradients: { x: [NaN] } });
    }
  });

  it('needs f32', async () => {
    const check = checkOp({ inputs: { x: { shape: [2], dtype: 'i32' } }, build: (b, { x }) => b.unary('exp', x) });
    await expect(check).rejects.toThrow('unary: needs f32; inputs i32 (2)');
  });
});
