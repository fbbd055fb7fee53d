import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { bucketSpans, chooseSource, createSeries, extendSeries, thinBuckets, thinPoints } from './series.ts';
import type { Bucket, BucketSpan } from './series.ts';

const value = fc.oneof(fc.double({ noDefaultInfinity: true }), fc.constant(NaN));

function build(values: readonly number[]): Record<BucketSpan, Bucket[]> & { best: number; last: number } {
  const series = createSeries(1, false);
  const buckets: Record<BucketSpan, Bucket[]> = { 32: [], 1024: [] };
  values.forEach((v, step) => extendSeries(series, step * 3, v, (span, bucket) => buckets[span].push({ ...bucket })));
  for (const span of bucketSpans) if (series.open[span] !== null) buckets[span].push(series.open[span]);
  return { ...buckets, best: series.best, last: series.last };
}

describe('buckets', () => {
  it('hold the lowest, highest and last point of their share of the series, NaN left out', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 3000 }), (values) => {
        const built = build(values);
        for (const span of bucketSpans) {
          expect(built[span]).toHaveLength(Math.ceil(values.length / span));
          built[span].forEach((bucket, index) => {
            const share = values.slice(index * span, (index + 1) * span);
            const numbers = share.filter((v) => !Number.isNaN(v));
            expect(bucket.bucket).toBe(index);
            expect(bucket.count).toBe(share.length);
            expect(bucket.min).toBe(numbers.length === 0 ? NaN : numbers.reduce((a, b) => (b < a ? b : a)));
            expect(bucket.max).toBe(numbers.length === 0 ? NaN : numbers.reduce((a, b) => (b > a ? b : a)));
            expect(bucket.last).toBe(share.at(-1));
            expect(bucket.lastStep).toBe((index * span + share.length - 1) * 3);
            if (numbers.length > 0) expect(values[bucket.minStep / 3]).toBe(bucket.min);
          });
        }
      }),
      { numRuns: 30 },
    );
  });

  it('keep the best value in the direction of the metric', () => {
    expect(build([0.5, NaN, 0.2, 0.3]).best).toBe(0.2);
    const accuracy = createSeries(1, true);
    [0.1, 0.9, 0.4].forEach((v, step) => extendSeries(accuracy, step, v, () => undefined));
    expect([accuracy.best, accuracy.bestStep, accuracy.last]).toEqual([0.9, 1, 0.4]);
  });
});

describe('thinning', () => {
  it('gives at most the wanted number of points, rising, with the extremes and the end', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noDefaultInfinity: true, noNaN: true }), { minLength: 1, maxLength: 500 }),
        fc.integer({ min: 3, max: 100 }),
        (values, maxPoints) => {
          const steps = Float64Array.from(values, (_v, index) => index);
          const thin = thinPoints({ steps, values: Float64Array.from(values) }, maxPoints);
          expect(thin.steps.length).toBeLessThanOrEqual(maxPoints);
          for (let i = 1; i < thin.steps.length; i += 1) expect(thin.steps[i]).toBeGreaterThan(thin.steps[i - 1] ?? 0);
          expect(thin.steps.at(-1)).toBe(values.length - 1);
          const lowest = Math.min(...values);
          const highest = Math.max(...values);
          expect(Math.min(...thin.values)).toBe(lowest);
          expect(Math.max(...thin.values)).toBe(highest);
        },
      ),
    );
  });

  it('of nothing is nothing', () => {
    expect(thinBuckets([], 10).steps).toHaveLength(0);
  });

  it('reads the coarsest buckets that still fill the chart', () => {
    expect(chooseSource(500, 1000)).toBe('points');
    expect(chooseSource(10_000, 1000)).toBe('points');
    expect(chooseSource(100_000, 1000)).toBe(32);
    expect(chooseSource(10_000_000, 1000)).toBe(1024);
  });
});
