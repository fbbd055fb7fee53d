import { expect, it } from 'vitest';
import { checkOp } from '../testing/checkOp.ts';

it('select takes one of two and gives it the gradient', async () => {
  const { output, gradients } = await checkOp({
    inputs: { c: { shape: [4], dtype: 'i32', values: [0, 1, -3, 0] }, x: { shape: [4] }, y: { shape: [4] } },
    build: (b, { c, x, y }) => b.select(c, x, y),
  });
  expect(output.length).toBe(4);
  expect(gradients.x!.map((g) => g === 0)).toEqual([true, false, false, true]);
  expect(gradients.y!.map((g) => g === 0)).toEqual([false, true, true, false]);
});

it('select broadcasts all three, also numbers', async () => {
  await checkOp({
    inputs: { c: { shape: [2, 1], dtype: 'u8', values: [1, 0] }, x: { shape: [3] } },
    build: (b, { c, x }) => b.select(c, x, -1),
  });
  await checkOp({
    inputs: { c: { shape: [2], values: [NaN, 0] } },
    build: (b, { c }) => b.select(c, 1, 2),
    expected: [1, 2],
    expectedGradients: { c: [0, 0] },
  });
});

it("select keeps the other branch's infinity out", async () => {
  await checkOp({
    inputs: { x: { shape: [2], values: [0, 4] } },
    build: (b, { x }) => b.select(b.binary('less', 0, x), b.unary('log', b.select(b.binary('less', 0, x), x, 1)), 0),
    expected: [0, Math.log(4)],
    expectedGradients: { x: [0, 0.25] },
  });
});
