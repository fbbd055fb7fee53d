import { it } from 'vitest';
import { checkOp } from '../testing/checkOp.ts';

it('cast truncates towards zero and carries no gradient', async () => {
  await checkOp({
    inputs: { x: { shape: [4], values: [-1.7, -0.2, 0.9, 2.5] } },
    build: (b, { x }) => b.cast(x, 'i32'),
    expected: [-1, 0, 0, 2],
    expectedGradients: { x: [0, 0, 0, 0] },
  });
});

it('cast takes bytes and whole numbers to f32', async () => {
  await checkOp({
    inputs: { x: { shape: [3], dtype: 'u8', values: [0, 7, 255] } },
    build: (b, { x }) => b.multiply(b.cast(x, 'f32'), 0.5),
    expected: [0, 3.5, 127.5],
  });
  await checkOp({ inputs: { x: { shape: [2], dtype: 'i32', values: [-7, 7] } }, build: (b, { x }) => b.cast(x, 'f32'), expected: [-7, 7] });
});
