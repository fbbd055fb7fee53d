/** The bench's state: curve, width, the fit that runs, and the comparison of depths. */
import {
  checkedPoints,
  countParameters,
  drawLine,
  sampleCurve,
  shapeWith,
  type CurveName,
  type FitState,
  type Place,
} from '../../../core/learn/approximation.ts';
import type { ActivationName } from '../../../core/layers/activationMath.ts';
import { preferences } from '../../workspace/preferences.svelte.ts';
import type { FitAnswer, FitRequest } from './messages.ts';

export const steps = 1500;
export const depths = [1, 2, 3, 4] as const;
export const seedCount = 5;
const learningRate = 0.02;

export type Curve = CurveName | 'drawn';

export interface DepthResult {
  readonly hidden: readonly number[];
  readonly parameters: number;
  readonly errors: readonly number[];
}

interface Remembered {
  readonly curve: Curve;
  readonly width: number;
  readonly activation: ActivationName;
}

/** Drawn values go as far up and down. */
const most = 1.5;
const drawnKey = 'learn.approximation.drawn';

/** The curve that was drawn last, if there is one. */
function recallDrawn(): Float32Array | undefined {
  const stored = preferences.recall<unknown[]>(drawnKey, []);
  const fits = stored.length === checkedPoints && stored.every((value) => typeof value === 'number' && Math.abs(value) <= most);
  return fits ? Float32Array.from(stored as number[]) : undefined;
}

const remembered = (): Remembered => ({
  ...{ curve: 'sine', width: 64, activation: 'tanh' },
  ...preferences.recall<Partial<Remembered>>('learn.approximation', {}),
});

export class Approximation {
  drawn = $state.raw(recallDrawn());
  curve = $state.raw<Curve>(remembered().curve === 'drawn' && this.drawn === undefined ? 'sine' : remembered().curve);
  width = $state(remembered().width);
  activation = $state.raw<ActivationName>(remembered().activation);
  target = $state.raw(this.#targetOf(this.curve));
  state = $state.raw<FitState | null>(null);
  parameters = $state(0);
  paused = $state(false);
  /** By depth; null before a comparison. */
  results = $state.raw<readonly DepthResult[] | null>(null);
  comparing = $state(false);
  #worker = new Worker(new URL('./approximationWorker.ts', import.meta.url), { type: 'module' });

  constructor() {
    this.#worker.addEventListener('message', ({ data }: MessageEvent<FitAnswer>) => this.#take(data));
  }

  #targetOf(curve: Curve): Float32Array {
    return curve === 'drawn' ? (this.drawn ?? sampleCurve('sine')) : sampleCurve(curve);
  }

  get done(): number {
    return (this.results ?? []).reduce((sum, { errors }) => sum + errors.length, 0);
  }

  #send(request: FitRequest): void {
    this.#worker.postMessage(request);
  }

  #take(answer: FitAnswer): void {
    if (answer.kind === 'frame') {
      this.state = answer.state;
      this.parameters = answer.parameters;
      return;
    }
    const depth = Math.floor(answer.index / seedCount);
    this.results = (this.results ?? []).map((result, i) =>
      i === depth ? { ...result, errors: [...result.errors, answer.maximumError] } : result,
    );
    if (this.done === depths.length * seedCount) this.comparing = false;
  }

  start(): void {
    this.paused = false;
    this.comparing = false;
    this.state = null;
    const { curve, width, activation } = this;
    preferences.remember('learn.approximation', { curve, width, activation });
    this.#send({ kind: 'fit', config: { hidden: [width], activation, target: this.target, steps, learningRate, seed: 1 } });
  }

  choose(curve: Curve): void {
    this.curve = curve;
    this.target = this.#targetOf(curve);
    this.results = null;
    this.start();
  }

  /** Part of the curve by hand: a line from one place to another, a little wider than its ends. */
  draw(from: Place, to: Place): void {
    this.target = drawLine(this.target, from, to, most);
    this.drawn = this.target;
    this.curve = 'drawn';
    this.results = null;
  }

  /** A stroke has ended: the curve is kept, and fitted. */
  drawnAll(): void {
    preferences.remember(
      drawnKey,
      Array.from(this.target, (value) => Number(value.toFixed(3))),
    );
    this.start();
  }

  toggle(): void {
    this.paused = !this.paused;
    this.#send({ kind: this.paused ? 'pause' : 'resume' });
  }

  compare(): void {
    const parameters = countParameters([this.width]);
    const shapes = depths.map((depth) => shapeWith(depth, parameters));
    this.results = shapes.map((hidden) => ({ hidden, parameters: countParameters(hidden), errors: [] }));
    this.comparing = true;
    const seeds = Array.from({ length: seedCount }, (_, i) => i + 1);
    const { activation, target } = this;
    const configs = shapes.flatMap((hidden) => seeds.map((seed) => ({ hidden, activation, target, steps, learningRate, seed })));
    this.#send({ kind: 'compare', configs });
  }

  cancel(): void {
    this.comparing = false;
    this.#send({ kind: 'stop' });
  }

  close(): void {
    this.#worker.terminate();
  }
}

export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
