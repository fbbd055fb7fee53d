import { expect, it } from 'vitest';
import { checkOp } from '../testing/checkOp.ts';

const inputs = { x: { shape: [2, 3], values: [1, 7, 7, 9, -2, 9] } };
const noGradient = { x: [0, 0, 0, 0, 0, 0] };

it('argmax gives the first of equal maxima along any axis', async () => {
  await checkOp({ inputs, build: (b, { x }) => b.argmax(x, 1), expected: [1, 0], expectedGradients: noGradient });
  await checkOp({ inputs, build: (b, { x }) => b.argmax(x, -2), expected: [1, 0, 1], expectedGradients: noGradient });
});

it('argmax counts NaN as the maximum', async () => {
  await checkOp({
    inputs: { x: { shape: [4], values: [1, NaN, Infinity, NaN] } },
    build: (b, { x }) => b.argmax(x, 0),
    expected: [1],
    expectedGradients: { x: [0, 0, 0, 0] },
  });
});

it('argmax of nothing is a defect', async () => {
  await expect(checkOp({ inputs: { x: { shape: [2, 0] } }, build: (b, { x }) => b.argmax(x, 1) })).rejects.toThrow(
    'argmax: nothing has no maximum; inputs f32 (2, 0)',
  );
});
