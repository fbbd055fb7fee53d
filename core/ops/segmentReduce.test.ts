import { expect, it } from 'vitest';
import { checkOp } from '../testing/checkOp.ts';

const segments = { shape: [5], dtype: 'i32', values: [3, 0, 3, 0, 1] } as const;

it.each(['sum', 'max'] as const)('segment %s has the right gradient', async (fn) => {
  await checkOp({ inputs: { x: { shape: [5, 2] }, segments }, build: (b, v) => b.segmentReduce(fn, v.x, v.segments, 5) });
  await checkOp({ inputs: { x: { shape: [5] }, segments }, build: (b, v) => b.segmentReduce(fn, v.x, v.segments, 4) });
});

it('an empty segment is 0, equal maxima share', async () => {
  const x = { shape: [5], values: [-4, -2, -4, -3, 7] };
  await checkOp({ inputs: { x, segments }, build: (b, v) => b.segmentReduce('sum', v.x, v.segments, 4), expected: [-5, 7, 0, -8] });
  await checkOp({
    inputs: { x, segments },
    build: (b, v) => b.segmentReduce('max', v.x, v.segments, 4),
    expected: [-2, 7, 0, -4],
    expectedGradients: { x: [0.5, 1, 0.5, 0, 1] },
  });
});

it('refuses a segment outside', async () => {
  const check = checkOp({ inputs: { x: { shape: [5] }, segments }, build: (b, v) => b.segmentReduce('sum', v.x, v.segments, 3) });
  await expect(check).rejects.toThrow('segmentReduce: segment 3 is outside 0..2');
});
