/**
 * Min/max/last buckets of one growing series, and thinning a series to few points without losing a spike.
 * Pure: no SQL. A bucket covers `span` points (not steps), so that its fill does not depend on how often
 * a metric is recorded.
 */

export const bucketSpans = [32, 1024] as const;
export type BucketSpan = (typeof bucketSpans)[number];

export interface Bucket {
  /** Ordinal of its first point ÷ span. */
  bucket: number;
  count: number;
  min: number;
  minStep: number;
  max: number;
  maxStep: number;
  last: number;
  lastStep: number;
}

/** Everything that appending needs to know of a series; restored from the database after a restart. */
export interface SeriesState {
  readonly nameId: number;
  readonly higherIsBetter: boolean;
  count: number;
  last: number;
  lastStep: number;
  best: number;
  bestStep: number;
  /** The unfinished bucket of each span. */
  readonly open: Record<BucketSpan, Bucket | null>;
}

export function createSeries(nameId: number, higherIsBetter: boolean): SeriesState {
  return { nameId, higherIsBetter, count: 0, last: NaN, lastStep: -1, best: NaN, bestStep: -1, open: { 32: null, 1024: null } };
}

/** Calls `full` with every bucket the point completes. Steps must rise. */
export function extendSeries(series: SeriesState, step: number, value: number, full: (span: BucketSpan, bucket: Bucket) => void): void {
  for (const span of bucketSpans) {
    const bucket = series.open[span];
    if (bucket === null) {
      series.open[span] = {
        bucket: Math.floor(series.count / span),
        count: 1,
        min: value,
        minStep: step,
        max: value,
        maxStep: step,
        last: value,
        lastStep: step,
      };
      continue;
    }
    bucket.count += 1;
    // NaN compares false, so a bucket that began with NaN takes the first number that comes.
    if (value < bucket.min || Number.isNaN(bucket.min)) [bucket.min, bucket.minStep] = [value, step];
    if (value > bucket.max || Number.isNaN(bucket.max)) [bucket.max, bucket.maxStep] = [value, step];
    bucket.last = value;
    bucket.lastStep = step;
    if (bucket.count === span) {
      full(span, bucket);
      series.open[span] = null;
    }
  }
  series.count += 1;
  series.last = value;
  series.lastStep = step;
  const better = series.higherIsBetter ? value > series.best : value < series.best;
  if (better || Number.isNaN(series.best)) [series.best, series.bestStep] = [value, step];
}

/** A full bucket as if its points had been appended again. */
export function adoptBucket(series: SeriesState, bucket: Bucket): void {
  const [best, step] = series.higherIsBetter ? [bucket.max, bucket.maxStep] : [bucket.min, bucket.minStep];
  const better = series.higherIsBetter ? best > series.best : best < series.best;
  if (better || Number.isNaN(series.best)) [series.best, series.bestStep] = [best, step];
  series.count += bucket.count;
  series.last = bucket.last;
  series.lastStep = bucket.lastStep;
}

export type BucketSource = 'points' | BucketSpan;

/** The coarsest source that still has a bucket for each pair of points drawn. */
export function chooseSource(count: number, maxPoints: number): BucketSource {
  const pairs = Math.max(1, Math.floor(maxPoints / 2));
  if (count <= maxPoints) return 'points';
  if (count / 1024 >= pairs) return 1024;
  return count / 32 >= pairs ? 32 : 'points';
}

export interface Points {
  readonly steps: Float64Array;
  readonly values: Float64Array;
}

/**
 * Merges neighbouring buckets until at most `maxPoints` points remain, and keeps each group's lowest and highest
 * point in the order of their steps. The very last point is always there.
 */
export function thinBuckets(buckets: readonly Omit<Bucket, 'bucket' | 'count'>[], maxPoints: number): Points {
  const groups = Math.max(1, Math.min(buckets.length, Math.floor((maxPoints - 1) / 2)));
  const steps: number[] = [];
  const values: number[] = [];
  const add = (step: number, value: number): void => {
    if (steps.at(-1) === step) return;
    steps.push(step);
    values.push(value);
  };
  for (let group = 0; group < groups; group += 1) {
    const from = Math.floor((group * buckets.length) / groups);
    const to = Math.floor(((group + 1) * buckets.length) / groups);
    let low = buckets[from];
    let high = low;
    for (let index = from + 1; index < to; index += 1) {
      const bucket = buckets[index];
      if (bucket === undefined || low === undefined || high === undefined) break;
      if (bucket.min < low.min || Number.isNaN(low.min)) low = bucket;
      if (bucket.max > high.max || Number.isNaN(high.max)) high = bucket;
    }
    if (low === undefined || high === undefined) break;
    if (low.minStep <= high.maxStep) {
      add(low.minStep, low.min);
      add(high.maxStep, high.max);
    } else {
      add(high.maxStep, high.max);
      add(low.minStep, low.min);
    }
  }
  const end = buckets.at(-1);
  if (end !== undefined) add(end.lastStep, end.last);
  return { steps: Float64Array.from(steps), values: Float64Array.from(values) };
}

/** The same for plain points, each a bucket of its own. */
export function thinPoints(points: Points, maxPoints: number): Points {
  if (points.steps.length <= maxPoints) return points;
  const buckets = Array.from(points.steps, (step, index) => {
    const value = points.values[index] ?? NaN;
    return { min: value, minStep: step, max: value, maxStep: step, last: value, lastStep: step };
  });
  return thinBuckets(buckets, maxPoints);
}
