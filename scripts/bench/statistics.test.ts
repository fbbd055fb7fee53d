import { describe, expect, it } from 'vitest';
import { geometricMean, median, relativeDifference, stepsFor } from './statistics.ts';

describe('statistics of the bench', () => {
  it('takes the middle, or the mean of both middles, in any order', () => {
    expect(median([5, 1, 3])).toBe(3);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([100, 1, 1])).toBe(1);
    expect(() => median([])).toThrow('no values');
  });

  it('balances twice as fast with half as fast', () => {
    expect(geometricMean([2, 0.5])).toBeCloseTo(1, 12);
    expect(geometricMean([8, 1, 1])).toBeCloseTo(2, 12);
  });

  it('relates a difference to the larger value', () => {
    expect(relativeDifference(2, 1)).toBe(0.5);
    expect(relativeDifference(-1, 1)).toBe(2);
    expect(relativeDifference(0, 0)).toBe(0);
    expect(relativeDifference(NaN, 1)).toBeNaN();
  });

  it('fits steps into a time, at least one', () => {
    expect(stepsFor(100, 10, 1000, 20_000)).toBe(1000);
    expect(stepsFor(100, 1, 5_000_000, 20_000)).toBe(1);
    expect(stepsFor(100, 1, 0.001, 20_000)).toBe(20_000);
    expect(stepsFor(100, 1, 0, 20_000)).toBe(20_000);
  });
});
