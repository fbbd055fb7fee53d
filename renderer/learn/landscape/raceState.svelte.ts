/** A race as the page shows it, whoever runs it. */
import type { Landscape } from '../../../core/learn/landscape.ts';
import type { RaceProgress } from '../../../core/learn/raceBench.ts';
import type { Problem } from '../../../core/problem.ts';
import type { Racer } from './landscapeSettings.ts';

export interface ShownRace {
  /** Of the race, whatever plane it is laid on: another one is shown at its end. */
  readonly key: string;
  readonly landscape: Landscape;
  readonly racers: readonly Racer[];
}

/** A slider sends many values; a race begins when it rests. */
const restMs = 200;

export class RaceState {
  /** With the racers as they were asked for. */
  shown = $state.raw<ShownRace | null>(null);
  progress = $state.raw<Pick<RaceProgress, 'phase' | 'done' | 'total'> | null>(null);
  problem = $state.raw<Problem | null>(null);
  /** Counts races, so that what an older one still says is known. */
  protected number = 0;
  #key = '';
  #rest: ReturnType<typeof setTimeout> | undefined;

  /** @param key of all that decides the race: with the same one nothing begins */
  protected rest(key: string, begin: () => void): void {
    if (key === this.#key) return;
    clearTimeout(this.#rest);
    this.#rest = setTimeout(begin, this.#key === '' ? 0 : restMs);
    this.#key = key;
  }

  /** What is asked next begins anew. */
  protected forget(): void {
    clearTimeout(this.#rest);
    this.#key = '';
    this.number++;
    this.progress = null;
  }
}
