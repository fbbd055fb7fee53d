/** The few statistics a bench needs: medians, because a shared machine produces outliers in one direction only. */

/** @throws Error for an empty list: a row without a measurement must not be printed as one */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error('median: no values');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Of ratios: half as fast in one row and twice as fast in another make 1. */
export function geometricMean(values: readonly number[]): number {
  if (values.length === 0) throw new Error('geometricMean: no values');
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/** |a − b| as a share of the larger one. */
export function relativeDifference(a: number, b: number): number {
  const largest = Math.max(Math.abs(a), Math.abs(b));
  return largest === 0 ? 0 : Math.abs(a - b) / largest;
}

/** How many steps last about `targetMs`, when `steps` lasted `elapsedUs`. */
export function stepsFor(targetMs: number, steps: number, elapsedUs: number, most: number): number {
  const fitting = elapsedUs > 0 ? Math.round((targetMs * 1000 * steps) / elapsedUs) : most;
  return Math.min(most, Math.max(1, fitting));
}
