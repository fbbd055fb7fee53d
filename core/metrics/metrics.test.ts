import { expect, it } from 'vitest';
import { checkOp } from '../testing/checkOp.ts';
import { massRole } from '../testing/documents.ts';
import { buildStatistics, scoreFromSums, statisticNames, targetDeviation } from './index.ts';

it('classification counts correct rows and adds up the loss', async () => {
  await checkOp({
    inputs: {
      logits: { shape: [3, 2], values: [1, 3, 2, 0, 5, 4] },
      target: { shape: [3], dtype: 'i32', values: [1, 1, 0] },
      sampleLoss: { shape: [3], values: [0.5, 2, 0.25] },
    },
    build: (b, { logits, target, sampleLoss }) => buildStatistics(b, 'classes', { loss: sampleLoss }, logits, target),
    expected: [2.75, 2],
  });
  expect(scoreFromSums('classes', statisticNames('classes'), [2.75, 2], 4)).toEqual({ loss: 0.6875, accuracy: 0.5 });
});

it('divides by the weights where rows have some', () => {
  const names = statisticNames('classes', { weighs: true });
  expect(names).toEqual(['loss', 'correct', 'weight']);
  expect(scoreFromSums('classes', names, [6, 2, 3], 4)).toEqual({ loss: 2, accuracy: 0.5 });
  expect(scoreFromSums('classes', names, [0, 2, 0], 4)).toEqual({ loss: 0, accuracy: 0.5 });
});

it("regression gives errors in the target's own units", () => {
  const names = statisticNames('numbers');
  const scale = { shift: 10, scale: 2 };
  expect(scoreFromSums('numbers', names, [4, 16, 6], 4, { targetScale: scale, targetDeviation: 32 })).toEqual({
    loss: 1,
    rmse: 4,
    mae: 3,
    r2: 0.5,
  });
  // A constant target leaves nothing to explain.
  expect(scoreFromSums('numbers', names, [4, 16, 6], 4, { targetDeviation: 0 })).toEqual({ loss: 1, rmse: 2, mae: 1.5 });
});

it("adds up the target's squared deviations of the chosen rows", () => {
  const target = { role: massRole, dtype: 'f32' as const, rowShape: [1], values: Float32Array.of(1, 2, 3, 100) };
  expect(targetDeviation(target, [0, 1, 2])).toBeCloseTo(2, 12);
  expect(targetDeviation(target, [])).toBe(0);
});
