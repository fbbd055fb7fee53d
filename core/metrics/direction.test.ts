import { expect, it } from 'vitest';
import { isLowerBetter } from './direction.ts';

it('losses and errors fall as a network learns, shares and correlations rise', () => {
  for (const metric of ['loss', 'validation/logLoss', 'test/calibrationError', 'rmse', 'mape', 'perplexity', 'bitsPerCharacter'])
    expect(isLowerBetter(metric), metric).toBe(true);
  for (const metric of ['accuracy', 'validation/balancedAccuracy', 'f1', 'test/rocAuc', 'matthews', 'r2', 'top5'])
    expect(isLowerBetter(metric), metric).toBe(false);
});

it('knows nothing of what is no score', () => {
  expect(isLowerBetter('train/learningRate')).toBe(true);
  expect(isLowerBetter('toString')).toBe(true);
});
