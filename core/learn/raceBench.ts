/** Races with their map, one after the other: says how long one would take, keeps the last for another plane through it. */
import type { OptimizerConfig } from '../optimizers/index.ts';
import { onLane, type Course } from './course.ts';
import { layOut, type Landscape, type PlaneKind } from './landscape.ts';
import { runRace, stretchesOf, type Race } from './race.ts';

export interface RaceRequest {
  readonly optimizers: readonly OptimizerConfig[];
  readonly steps: number;
  readonly plane: PlaneKind;
  /** Points along a side of the map. */
  readonly side: number;
}

export interface RaceProgress {
  readonly phase: 'race' | 'grid';
  readonly done: number;
  readonly total: number;
  /** While they race: losses of every racer's points, as far as they are, and the steps from one to the next. */
  readonly curves?: readonly Float32Array[];
  readonly every?: number;
  /** While the map becomes finer: as far as it is. */
  readonly soFar?: Landscape;
}

export interface RaceEstimate {
  readonly raceMs: number;
  readonly mapMs: number;
}

export type RaceOutcome =
  /** What would take long and was not confirmed. */
  | { readonly kind: 'estimate'; readonly estimate: RaceEstimate; readonly sample: Landscape['sample'] }
  | { readonly kind: 'done'; readonly landscape: Landscape };

/** Awaited, so that a worker can answer meanwhile; may throw to end the race. */
export type Say = (progress: RaceProgress) => Promise<void> | void;

/** Steps and losses are measured for about so long. */
const measuringMs = 250;

export class RaceBench {
  #raced: { readonly key: string; readonly race: Race } | undefined;

  /** @param key of everything that decides the course */
  async run(key: string, course: Course, { optimizers, steps, plane, side }: RaceRequest, say?: Say): Promise<Landscape> {
    const own = raceKey(key, optimizers, steps);
    if (this.#raced?.key !== own) {
      // Two would not fit beside one another.
      this.#raced = undefined;
      const { every } = stretchesOf(course, optimizers.length, steps);
      const race = await runRace(course, optimizers, steps, (done, total, curves) => say?.({ phase: 'race', done, total, curves, every }));
      this.#raced = { key: own, race };
    }
    const advanced = (done: number, total: number, soFar?: Landscape) =>
      say?.({ phase: 'grid', done, total, ...(soFar !== undefined && { soFar }) });
    return layOut(course, this.#raced.race, { kind: plane, side, advanced });
  }

  /** Takes a few steps that are thrown away. @param now monotonic milliseconds */
  async estimate(key: string, course: Course, { optimizers, steps, side }: RaceRequest, now: () => number): Promise<RaceEstimate> {
    const known = this.#raced?.key === raceKey(key, optimizers, steps);
    const startedAt = now();
    return onLane(course.open(optimizers[0]!), async (lane) => {
      const loadMs = now() - startedAt;
      const lossMs = await timeOf(() => lane.loss(), now);
      const mapMs = loadMs + side * side * lossMs;
      if (known) return { raceMs: 0, mapMs };
      const stepMs = await timeOf((i) => lane.step(i), now);
      const { every, stretches } = stretchesOf(course, optimizers.length, steps);
      return { raceMs: optimizers.length * (loadMs + every * stretches * stepMs + (stretches + 1) * lossMs), mapMs };
    });
  }
}

function raceKey(key: string, optimizers: readonly OptimizerConfig[], steps: number): string {
  return JSON.stringify([key, optimizers, steps]);
}

/** Milliseconds of one call; without the first, unless that alone was long. */
async function timeOf(work: (i: number) => Promise<unknown>, now: () => number): Promise<number> {
  const startedAt = now();
  await work(0);
  const first = now() - startedAt;
  if (first > measuringMs) return first;
  let count = 0;
  const from = now();
  do await work(++count);
  while (now() - from < measuringMs / 2);
  return (now() - from) / count;
}
