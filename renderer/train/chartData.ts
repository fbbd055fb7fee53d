/** From a run's series to what a chart draws: points by epoch, the best validation, the values under the pointer. */
import { isLowerBetter } from '../../core/metrics/direction.ts';

export interface ChartPoint {
  readonly x: number;
  readonly y: number;
}

export interface ChartLine {
  /** Unique within the chart; keeps a line's data when others come and go. */
  readonly id: string;
  readonly label: string;
  /** Name of a colour token: `--s1`. */
  readonly colour: string;
  readonly points: readonly ChartPoint[];
  /** Raw values behind a smoothed line, drawn faintly. */
  readonly faint?: readonly ChartPoint[];
  /** Few values, one per epoch: show each as a dot. */
  readonly dots?: boolean;
  readonly dash?: readonly number[];
}

/**
 * Steps become epochs; values that cannot be drawn (not a number, infinite) leave a gap. More than `max` points are
 * thinned: each bucket keeps its smallest and its largest, in order, so the curve's outline stays.
 */
export function toPoints(steps: ArrayLike<number>, values: ArrayLike<number>, stepsPerEpoch: number, max = Infinity): ChartPoint[] {
  const points: ChartPoint[] = [];
  const add = (i: number): void => {
    const y = values[i]!;
    points.push({ x: steps[i]! / stepsPerEpoch, y: Number.isFinite(y) ? y : NaN });
  };
  if (steps.length <= max) {
    for (let i = 0; i < steps.length; i++) add(i);
    return points;
  }
  // The last point stands for itself: it is the current value.
  const buckets = Math.max(1, Math.floor((max - 1) / 2));
  const size = (steps.length - 1) / buckets;
  for (let bucket = 0; bucket < buckets; bucket++) {
    const from = Math.floor(bucket * size);
    const to = Math.floor((bucket + 1) * size);
    let low = from;
    let high = from;
    for (let i = from + 1; i < to; i++) {
      if (values[i]! < values[low]!) low = i;
      if (values[i]! > values[high]!) high = i;
    }
    add(Math.min(low, high));
    if (low !== high) add(Math.max(low, high));
  }
  add(steps.length - 1);
  return points;
}

/**
 * Where the axis of epochs ends. All epochs while that leaves the curve readable; a long training just begun, or one
 * stopped early, ends at the next of 1, 2, 5, 10, ..., so that its curve is no needle at the left edge.
 */
export function axisEnd(epochs: number, reached: number): number {
  if (reached >= epochs / 10) return epochs;
  const power = 10 ** Math.floor(Math.log10(Math.max(1, reached)));
  const nice = [1, 2, 5, 10].map((factor) => factor * power).find((end) => end >= reached * 1.05) ?? 20 * power;
  return Math.min(epochs, nice);
}

export function bestPoint(points: readonly ChartPoint[], quantity: string): ChartPoint | undefined {
  const sign = isLowerBetter(quantity) ? 1 : -1;
  let best: ChartPoint | undefined;
  for (const point of points) {
    if (Number.isNaN(point.y)) continue;
    if (best === undefined || sign * point.y < sign * best.y) best = point;
  }
  return best;
}

/** The point nearest to `x`; points are in order of x. Undefined beyond both ends by more than `reach`. */
export function nearestPoint(points: readonly ChartPoint[], x: number, reach = Infinity): ChartPoint | undefined {
  if (points.length === 0) return undefined;
  let low = 0;
  let high = points.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle]!.x < x) low = middle + 1;
    else high = middle;
  }
  const after = points[low]!;
  const before = points[low - 1];
  const nearest = before !== undefined && x - before.x <= after.x - x ? before : after;
  return Math.abs(nearest.x - x) <= reach ? nearest : undefined;
}

/** Which quantity stands on the second chart: accuracy, else the root mean squared error in the target's own units. */
export function secondQuantity(metrics: Iterable<string>): string | undefined {
  const quantities = new Set([...metrics].map((name) => name.slice(name.indexOf('/') + 1)));
  return ['accuracy', 'rmse', 'mae', 'r2'].find((quantity) => quantities.has(quantity));
}
