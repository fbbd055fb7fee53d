/**
 * Joins a run's stored metrics with the records that keep arriving, without gaps and without doubles.
 * Records that come while the history is being read wait and are added behind it.
 */
import type { TrainingRecord } from '../../core/train/records.ts';
import { SeriesBuffer, type SeriesPoints } from './seriesBuffer.ts';

export interface NamedPoints extends SeriesPoints {
  readonly name: string;
}

export class RunSeries {
  readonly series = new Map<string, SeriesBuffer>();
  readonly smoothingSteps: number;
  #waiting: TrainingRecord[] | null = [];

  constructor(smoothingSteps: number) {
    this.smoothingSteps = smoothingSteps;
  }

  /** Call before asking the host for the history: from now on records wait. */
  beginLoad(): void {
    this.#waiting ??= [];
  }

  /** The history as the host had it; what waited and is newer goes behind it. */
  finishLoad(history: readonly NamedPoints[]): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    // A shorter history than what is shown means the run was taken up again from a checkpoint: the stored one counts.
    this.series.clear();
    for (const points of history) this.#seriesOf(points.name).load(points);
    for (const record of waiting) this.#add(record);
  }

  /**
   * @param rewoundTo what came after that step no longer counts
   * @returns whether anything new can be drawn
   */
  append(records: readonly TrainingRecord[], rewoundTo = Infinity): boolean {
    if (this.#waiting !== null) {
      this.#waiting = [...this.#waiting.filter(({ step }) => step <= rewoundTo), ...records];
      return false;
    }
    let changed = false;
    for (const series of this.series.values()) changed = series.truncateAfter(rewoundTo) || changed;
    for (const record of records) changed = this.#add(record) || changed;
    return changed;
  }

  last(metric: string): number | undefined {
    return this.series.get(metric)?.lastValue;
  }

  #seriesOf(name: string): SeriesBuffer {
    let series = this.series.get(name);
    if (series === undefined) {
      // Only training metrics are noisy enough to need smoothing.
      series = new SeriesBuffer(name.startsWith('train/') ? this.smoothingSteps : 0);
      this.series.set(name, series);
    }
    return series;
  }

  #add(record: TrainingRecord): boolean {
    let taken = false;
    for (const [name, value] of Object.entries(record.metrics)) {
      taken = this.#seriesOf(name).append(record.step, value) || taken;
    }
    return taken;
  }
}
