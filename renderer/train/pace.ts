/** How fast a run goes and how long it still takes, from the records of the last seconds. */

export interface PacePoint {
  readonly step: number;
  readonly elapsedMs: number;
}

/** Speed is measured over this much training time: long enough to be calm, short enough to follow a change. */
const windowMs = 5000;
const spacingMs = 50;

export class Pace {
  #points: PacePoint[] = [];

  add(point: PacePoint): void {
    const last = this.#points.at(-1);
    if (last !== undefined && point.step <= last.step) {
      if (point.step < last.step) this.#points = [point];
      return;
    }
    // Fast trainings send many thousand records a second: one point per `spacingMs` tells the speed as well.
    const before = this.#points.at(-2);
    if (before !== undefined && point.elapsedMs - before.elapsedMs < spacingMs) this.#points.pop();
    this.#points.push(point);
    const oldest = point.elapsedMs - windowMs;
    while (this.#points.length > 2 && this.#points[1]!.elapsedMs < oldest) this.#points.shift();
  }

  reset(): void {
    this.#points = [];
  }

  /** Undefined until two records show a difference. */
  get msPerStep(): number | undefined {
    const first = this.#points[0];
    const last = this.#points.at(-1);
    if (first === undefined || last === undefined || last.step === first.step) return undefined;
    const took = last.elapsedMs - first.elapsedMs;
    return took > 0 ? took / (last.step - first.step) : undefined;
  }
}

export function samplesPerSecond(msPerStep: number | undefined, batchSize: number): number | undefined {
  return msPerStep === undefined ? undefined : (1000 * batchSize) / msPerStep;
}

/**
 * Remaining training time. Early on the average since the start is the better guess, because an epoch also holds
 * a validation; `msPerStep` from the last seconds fills in while the average is not known.
 */
export function remainingMs(
  progress: { step: number; totalSteps: number; elapsedMs: number },
  msPerStep: number | undefined,
): number | undefined {
  const left = progress.totalSteps - progress.step;
  if (left <= 0) return 0;
  const average = progress.step > 0 && progress.elapsedMs > 0 ? progress.elapsedMs / progress.step : undefined;
  const perStep = average === undefined ? msPerStep : msPerStep === undefined ? average : (average + msPerStep) / 2;
  return perStep === undefined ? undefined : left * perStep;
}
