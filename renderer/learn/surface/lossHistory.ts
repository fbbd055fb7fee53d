/** Training and test loss over the epochs, thinned so that a long training stays a short curve. */
import { toPoints, type ChartLine } from '../../train/chartData.ts';
import type { SurfaceFrame } from './surfaceLoop.ts';
import { surfaceText } from './surfaceText.ts';

const mostPoints = 2_000;
const drawnPoints = 300;
/** The curve is drawn anew only so often: it costs more than all maps together. */
const drawingMs = 500;

export class LossHistory {
  #epochs: number[] = [];
  #train: number[] = [];
  #test: number[] = [];
  #drawnAt = -Infinity;

  /** @returns whether the curve should be drawn anew */
  add({ epoch, step, scores }: Pick<SurfaceFrame, 'epoch' | 'step' | 'scores'>): boolean {
    const last = this.#epochs.length - 1;
    // A step within an epoch, or a weight set by hand, replaces the last point.
    const at = last >= 0 && this.#epochs[last] === epoch ? last : last + 1;
    this.#epochs[at] = epoch;
    this.#train[at] = scores.trainLoss;
    this.#test[at] = scores.testLoss;
    if (at >= mostPoints) this.#thin();
    const now = performance.now();
    if (step > 0 && now - this.#drawnAt < drawingMs) return false;
    this.#drawnAt = now;
    return true;
  }

  #thin(): void {
    const keep = (_: number, i: number): boolean => i % 2 === 0 || i === this.#epochs.length - 1;
    [this.#train, this.#test] = [this.#train.filter(keep), this.#test.filter(keep)];
    this.#epochs = this.#epochs.filter(keep);
  }

  get first(): number {
    return this.#train[0] ?? NaN;
  }

  lines(): { readonly lines: readonly ChartLine[]; readonly maxX: number } {
    const line = (id: string, label: string, colour: string, values: number[]): ChartLine => ({
      id,
      label,
      colour,
      points: toPoints(this.#epochs, values, 1, drawnPoints),
    });
    return {
      lines: [line('train', surfaceText.training_, '--s1', this.#train), line('test', surfaceText.test, '--s2', this.#test)],
      maxX: Math.max(1, this.#epochs.at(-1) ?? 1),
    };
  }
}
