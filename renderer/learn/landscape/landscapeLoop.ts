/** The worker's side of the bench on two features: runs the race, and gives up at once when something newer is asked. */
import type { Landscape } from '../../../core/learn/landscape.ts';
import { planeCourse, type PlaneRace } from '../../../core/learn/planeCourse.ts';
import type { PlaneData } from '../../../core/learn/planeData.ts';
import { RaceBench, type RaceProgress, type RaceRequest } from '../../../core/learn/raceBench.ts';

export interface LandscapeRequest {
  readonly id: number;
  readonly race: PlaneRace;
  readonly data: PlaneData;
  readonly request: RaceRequest;
}

export type LandscapeAnswer =
  | ({ readonly kind: 'progress'; readonly id: number } & Pick<RaceProgress, 'phase' | 'done' | 'total'>)
  | { readonly kind: 'done'; readonly id: number; readonly landscape: Landscape }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };

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
  #bench = new RaceBench();

  constructor(parts: LoopParts) {
    this.#parts = parts;
  }

  async receive({ id, race, data, request }: LandscapeRequest): Promise<void> {
    this.#newest = id;
    let last = this.#parts.now();
    try {
      const key = JSON.stringify([race, data.classes, [...data.points.subarray(0, 8)], data.targets.length]);
      const landscape = await this.#bench.run(key, planeCourse(race, data), request, async (progress) => {
        if (this.#parts.now() - last < progressMs) return;
        const { phase, done, total } = progress;
        this.#parts.post({ kind: 'progress', id, phase, done, total });
        await this.#parts.breathe();
        if (id !== this.#newest) throw new Superseded();
        last = this.#parts.now();
      });
      this.#parts.post({ kind: 'done', id, landscape });
    } catch (error) {
      if (error instanceof Superseded) return;
      this.#parts.post({ kind: 'failed', id, message: error instanceof Error ? error.message : String(error) });
    }
  }
}
