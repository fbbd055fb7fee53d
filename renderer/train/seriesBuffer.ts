/**
 * One metric's points while a run trains: appended in step order, thinned when they grow long, smoothed as they come.
 * Thinning keeps the smallest and the largest point of every bucket, so no spike disappears.
 */

/** Above this many points a series is thinned to half; a chart is never wider than a few thousand pixels. */
const thinAbove = 20_000;

export interface SeriesPoints {
  readonly steps: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

export class SeriesBuffer {
  steps: number[] = [];
  values: number[] = [];
  /** Exponential moving average over `smoothingSteps` steps, corrected for its start. */
  smooth: number[] = [];
  readonly smoothingSteps: number;
  #average = 0;
  #weight = 0;

  constructor(smoothingSteps: number) {
    this.smoothingSteps = Math.max(1e-9, smoothingSteps);
  }

  get length(): number {
    return this.steps.length;
  }

  get lastStep(): number {
    return this.steps.at(-1) ?? -1;
  }

  get lastValue(): number | undefined {
    return this.values.at(-1);
  }

  /** Takes the point unless its step is already there; returns whether it was taken. */
  append(step: number, value: number): boolean {
    if (step <= this.lastStep) return false;
    this.#push(step, value);
    if (this.steps.length > thinAbove) this.#thin();
    return true;
  }

  /** Forgets the points after this step; returns whether there were any. */
  truncateAfter(step: number): boolean {
    const keep = this.steps.findLastIndex((each) => each <= step) + 1;
    if (keep === this.steps.length) return false;
    this.steps.length = this.values.length = this.smooth.length = keep;
    this.#average = this.smooth.at(-1) ?? 0;
    this.#weight = keep > 0 && Number.isFinite(this.#average) ? 1 : 0;
    return true;
  }

  /** Replaces everything by stored points. */
  load(points: SeriesPoints): void {
    this.steps = [];
    this.values = [];
    this.smooth = [];
    this.#average = 0;
    this.#weight = 0;
    for (let i = 0; i < points.steps.length; i++) this.append(points.steps[i]!, points.values[i]!);
  }

  #push(step: number, value: number): void {
    // A gap of n steps weighs like n points; the first counts like one smoothing step of its own.
    const gap = this.steps.length === 0 ? 1 : step - this.lastStep;
    // The average reaches back at most a fifth of the way, so that it does not lag behind the steep start.
    const keep = Math.exp(-gap / Math.min(this.smoothingSteps, 1 + step / 5));
    this.steps.push(step);
    this.values.push(value);
    if (Number.isFinite(value)) {
      this.#average = keep * this.#average + (1 - keep) * value;
      this.#weight = keep * this.#weight + (1 - keep);
    }
    this.smooth.push(this.#weight > 0 ? this.#average / this.#weight : value);
  }

  /** Buckets of four points become two: the smallest and the largest, in their order. The last bucket stays whole. */
  #thin(): void {
    const steps: number[] = [];
    const values: number[] = [];
    const smooth: number[] = [];
    const keepFrom = this.steps.length - (this.steps.length % 4) - 4;
    for (let from = 0; from < this.steps.length; from += from < keepFrom ? 4 : 1) {
      const picked = from < keepFrom ? extremes(this.values, from, from + 4) : [from];
      for (const i of picked) {
        steps.push(this.steps[i]!);
        values.push(this.values[i]!);
        smooth.push(this.smooth[i]!);
      }
    }
    this.steps = steps;
    this.values = values;
    this.smooth = smooth;
  }
}

function extremes(values: readonly number[], from: number, to: number): number[] {
  let low = from;
  let high = from;
  for (let i = from + 1; i < to; i++) {
    if (values[i]! < values[low]!) low = i;
    if (values[i]! > values[high]!) high = i;
  }
  return low === high ? [from, to - 1] : [Math.min(low, high), Math.max(low, high)];
}

/** How far the training curve is smoothed: a quarter of an epoch, but at most a hundredth and at least a 400th of the run. */
export function smoothingStepsOf(totalSteps: number, epochs: number): number {
  return Math.max(2, Math.min(totalSteps / Math.max(1, epochs) / 4, totalSteps / 100), totalSteps / 400);
}
