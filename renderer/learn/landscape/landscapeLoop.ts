/** The worker's side of the landscape: runs the race, lays it onto a plane, and gives up at once when something newer is asked. */
import { layOut, runRace, type Advance, type Landscape, type PlaneKind } from '../../../core/learn/landscape.ts';
import type { PlaneData } from '../../../core/learn/planeData.ts';
import type { RacePath, RaceSetting } from '../../../core/learn/race.ts';
import type { OptimizerConfig } from '../../../core/optimizers/index.ts';

export interface LandscapeRequest {
  readonly id: number;
  readonly setting: RaceSetting;
  readonly data: PlaneData;
  readonly optimizers: readonly OptimizerConfig[];
  readonly plane: PlaneKind;
}

export type LandscapeAnswer =
  | { readonly kind: 'progress'; readonly id: number; readonly phase: 'race' | 'grid'; readonly done: number; readonly total: number }
  | { readonly kind: 'done'; readonly id: number; readonly landscape: Landscape }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };

/** Points along a side of the map. */
export const gridSide = 49;
const progressMs = 40;

export interface LoopParts {
  post(answer: LandscapeAnswer): void;
  now(): number;
  /** Comes back after other messages had their turn. */
  breathe(): Promise<void>;
}

class Superseded extends Error {}

export class LandscapeLoop {
  #parts: LoopParts;
  #newest = 0;
  /** The last race, for another plane through it. */
  #raced: { key: string; paths: RacePath[] } | undefined;

  constructor(parts: LoopParts) {
    this.#parts = parts;
  }

  async receive({ id, setting, data, optimizers, plane }: LandscapeRequest): Promise<void> {
    this.#newest = id;
    let last = this.#parts.now();
    const advance: Advance = async (phase, done, total) => {
      if (this.#parts.now() - last < progressMs) return;
      this.#parts.post({ kind: 'progress', id, phase, done, total });
      await this.#parts.breathe();
      if (id !== this.#newest) throw new Superseded();
      last = this.#parts.now();
    };
    try {
      const key = JSON.stringify([setting, optimizers, data.classes, [...data.points.subarray(0, 8)], data.targets.length]);
      const paths = this.#raced?.key === key ? this.#raced.paths : await runRace(setting, data, optimizers, advance);
      this.#raced = { key, paths };
      const landscape = await layOut(setting, data, paths, plane, gridSide, advance);
      // The losses go to the page, the race stays here.
      const racers = landscape.racers.map((racer) => ({ ...racer, losses: racer.losses.slice() }));
      this.#parts.post({ kind: 'done', id, landscape: { ...landscape, racers } });
    } catch (error) {
      if (error instanceof Superseded) return;
      this.#parts.post({ kind: 'failed', id, message: error instanceof Error ? error.message : String(error) });
    }
  }
}
