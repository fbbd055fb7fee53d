/**
 * The worker's side of the decision surface: trains between frames and answers what is asked. A frame goes out once the
 * last one was drawn and 16 ms are over, so that the page never has more than one to draw.
 */
import { PlaneBench, type PlaneScores, type PlaneSettings } from '../../../core/learn/planeBench.ts';
import type { PlaneData } from '../../../core/learn/planeData.ts';

export type Pace = 'epoch' | 'fast';

export type SurfaceRequest =
  | { readonly kind: 'open'; readonly id: number; readonly settings: PlaneSettings; readonly data: PlaneData; readonly keep: boolean }
  | { readonly kind: 'rates'; readonly settings: PlaneSettings }
  | { readonly kind: 'play'; readonly pace: Pace }
  | { readonly kind: 'pause' }
  | { readonly kind: 'step'; readonly unit: 'batch' | 'epoch' }
  | { readonly kind: 'weight'; readonly parameter: number; readonly index: number; readonly value: number }
  /** Which unit's map is drawn large. */
  | { readonly kind: 'look'; readonly layer: number; readonly unit: number | 'all' }
  | { readonly kind: 'drawn' };

export interface SurfaceFrame {
  readonly kind: 'frame';
  /** Of the network that was opened. */
  readonly id: number;
  readonly epoch: number;
  readonly step: number;
  readonly playing: boolean;
  /** The loss or a weight is no finite number any more. */
  readonly diverged: boolean;
  readonly scores: PlaneScores;
  readonly look: { readonly layer: number; readonly unit: number | 'all' };
  /** (units that are looked at, mapSide²) */
  readonly map: Float32Array;
  /** By layer, (units, smallSide²). */
  readonly small: readonly Float32Array[];
  /** By parameter. */
  readonly weights: readonly Float32Array[];
}

export type SurfaceAnswer = SurfaceFrame | { readonly kind: 'failed'; readonly message: string };

const frameMs = 16;
/** How long is trained in one go, so that a request never waits longer. */
const stretchMs = 12;
const fastMs = 60;

export interface LoopParts {
  post(answer: SurfaceAnswer): void;
  now(): number;
  /** Comes back after other messages had their turn. */
  later(callback: () => void, milliseconds: number): void;
}

export class SurfaceLoop {
  #parts: LoopParts;
  #bench: PlaneBench | undefined;
  #id = 0;
  #playing = false;
  #pace: Pace = 'epoch';
  #look: SurfaceFrame['look'] = { layer: 0, unit: 'all' };
  #drawn = true;
  #lastFrame = -Infinity;
  /** A frame is due as soon as the last one is drawn. */
  #due = false;
  #ticking = false;
  #queue: Promise<void> = Promise.resolve();

  constructor(parts: LoopParts) {
    this.#parts = parts;
  }

  /** Requests are carried out one after another, between two stretches of training. */
  receive(request: SurfaceRequest): Promise<void> {
    this.#queue = this.#queue
      .then(() => this.#carryOut(request))
      .catch((error: unknown) => {
        this.#playing = false;
        this.#parts.post({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
      });
    return this.#queue;
  }

  async #carryOut(request: SurfaceRequest): Promise<void> {
    switch (request.kind) {
      case 'open': {
        const previous = this.#bench;
        this.#bench = await PlaneBench.create(request.settings, request.data, request.keep ? previous : undefined);
        await previous?.dispose();
        this.#id = request.id;
        if (!request.keep) this.#playing = false;
        break;
      }
      case 'rates':
        this.#bench?.setRates(request.settings);
        return;
      case 'play':
        this.#playing = true;
        this.#pace = request.pace;
        return this.#wake();
      case 'pause':
        this.#playing = false;
        break;
      case 'step':
        this.#playing = false;
        if (request.unit === 'batch') await this.#bench?.trainBatch();
        else await this.#bench?.trainEpoch();
        break;
      case 'weight':
        await this.#bench?.setWeight(request.parameter, request.index, request.value);
        break;
      case 'look':
        this.#look = { layer: request.layer, unit: request.unit };
        break;
      case 'drawn':
        this.#drawn = true;
        if (this.#due) await this.#show();
        return this.#wake();
      default:
        request satisfies never;
    }
    await this.#show();
  }

  /** Now, or when the last frame was drawn. */
  async #show(): Promise<void> {
    this.#due = true;
    const bench = this.#bench;
    if (!this.#drawn || bench === undefined) return;
    this.#due = false;
    this.#drawn = false;
    this.#lastFrame = this.#parts.now();
    const [scores, small, weights] = [await bench.scores(), await bench.smallMaps(), await bench.weights()];
    const layer = Math.min(this.#look.layer, small.length - 1);
    const unit = layer === this.#look.layer ? this.#look.unit : 'all';
    const map = unit === 'all' ? await bench.map(layer) : await bench.map(layer, unit, 1);
    const diverged = !Number.isFinite(scores.trainLoss) || weights.some((values) => !values.every(Number.isFinite));
    if (diverged) this.#playing = false;
    const { epoch, step } = bench;
    const frame = { epoch, step, diverged, scores, map, small, weights, look: { layer, unit } };
    this.#parts.post({ kind: 'frame', id: this.#id, playing: this.#playing, ...frame });
  }

  #wake(): void {
    if (!this.#playing || this.#ticking || !this.#drawn) return;
    this.#ticking = true;
    const wait = Math.max(0, this.#lastFrame + frameMs - this.#parts.now());
    this.#parts.later(() => {
      this.#queue = this.#queue.then(() => this.#train());
    }, wait);
  }

  /** A stretch of an epoch, or of what fits into a fast frame. */
  async #train(): Promise<void> {
    this.#ticking = false;
    const bench = this.#bench;
    if (!this.#playing || bench === undefined) return;
    const start = this.#parts.now();
    const limit = this.#pace === 'fast' ? fastMs : stretchMs;
    while (this.#parts.now() - start < limit) {
      const ended = await bench.trainBatch();
      if (ended && this.#pace === 'epoch') break;
    }
    await this.#show();
  }
}
