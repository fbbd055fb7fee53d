import { expect, it } from 'vitest';
import { nextCount } from './sampleCounts.ts';

it.each([
  [1, 32, 10, 8],
  [8, 32, 10, 32],
  [32, 32, 10, undefined],
  // As many as there are.
  [8, 20, 10, 32],
  [20, 20, 10, undefined],
  // A network of a second a sample stays with one, one of half a second with eight.
  [1, 32, 1000, undefined],
  [1, 32, 500, 8],
  [8, 32, 500, undefined],
])('after %i of %i samples, %i ms each: %s', (counted, available, msPerSample, next) => {
  expect(nextCount(counted, available, msPerSample)).toBe(next);
});
