/**
 * Several optimizers from the same start over the same batches. Where a racer stood is kept, at every step or at as many as
 * fit in memory, so that the paths can be laid onto any plane afterwards.
 */
import type { OptimizerConfig } from '../optimizers/index.ts';
import { countOf, onLane, type Course, type Point } from './course.ts';

export interface RacePath {
  /** (points, parameters): the start, then where every stretch of steps led. */
  readonly parameters: Float32Array;
  /** (points): over the course's sample. */
  readonly losses: Float32Array;
}

export interface Race {
  readonly paths: readonly RacePath[];
  /** Steps from one point to the next. */
  readonly every: number;
}

/** Numbers of all paths together: 400 MB. */
const mostNumbers = 100e6;

/** How many steps lie between two points that are kept, and how many stretches of them there are. */
export function stretchesOf(course: Course, racers: number, steps: number): { readonly every: number; readonly stretches: number } {
  const points = Math.max(2, Math.floor(mostNumbers / (racers * countOf(course.parameters))));
  const every = Math.ceil(steps / (points - 1));
  return { every, stretches: Math.ceil(steps / every) };
}

/**
 * Called after every step with how many are done, and the losses of every racer's points so far; awaited, so that a worker can
 * answer meanwhile, and may throw to end it.
 */
export type Stepped = (done: number, total: number, curves: readonly Float32Array[]) => Promise<void> | void;

export async function runRace(course: Course, optimizers: readonly OptimizerConfig[], steps: number, stepped?: Stepped): Promise<Race> {
  const { every, stretches } = stretchesOf(course, optimizers.length, steps);
  const each = every * stretches;
  const paths: RacePath[] = [];
  for (const [i, optimizer] of optimizers.entries()) {
    const advanced = (done: number, own: Float32Array) =>
      stepped?.(i * each + done, optimizers.length * each, [...paths.map(({ losses }) => losses), own]);
    paths.push(await runRacer(course, optimizer, stretches, every, advanced));
  }
  return { paths, every };
}

/** @param advanced called after every step, with the losses of the points so far */
export async function runRacer(
  course: Course,
  optimizer: OptimizerConfig,
  stretches: number,
  every = 1,
  advanced?: (done: number, losses: Float32Array) => Promise<void> | void,
): Promise<RacePath> {
  const count = countOf(course.parameters);
  const parameters = new Float32Array((stretches + 1) * count);
  const losses = new Float32Array(stretches + 1);
  await onLane(course.open(optimizer), async (lane) => {
    for (let point = 0; point <= stretches; point++) {
      await lane.read(parameters.subarray(point * count, (point + 1) * count));
      losses[point] = await lane.loss();
      for (let i = 0; point < stretches && i < every; i++) {
        await lane.step(point * every + i);
        await advanced?.(point * every + i + 1, losses.subarray(0, point + 1));
      }
    }
  });
  return { parameters, losses };
}

export function pointsOf({ parameters, losses }: RacePath): Point[] {
  const count = parameters.length / losses.length;
  return Array.from(losses, (_, i) => parameters.subarray(i * count, (i + 1) * count));
}

export type RateVerdict = 'diverged' | 'large' | 'right' | 'small';

/** Of a way down, how much may be lost again on the way before the steps are called too large. */
const mostClimbing = 0.6;
/** A racer that is left with more than this share of the best racer's way was too slow. */
const mostLeft = 0.25;

/**
 * What a path says about its learning rate. Too large: the loss ends above its start, or climbs back most of what it
 * falls. Too small: much of the way that another rate went still lies ahead.
 * @param best the lowest loss that any racer reached
 */
export function judgeRate(losses: Float32Array, best: number): RateVerdict {
  const start = losses[0] ?? NaN;
  if (losses.some((loss) => !Number.isFinite(loss))) return 'diverged';
  const tail = losses.subarray(Math.floor(losses.length * 0.9));
  const end = tail.reduce((sum, loss) => sum + loss, 0) / tail.length;
  if (end > start) return 'large';
  let [up, down] = [0, 0];
  for (let i = 1; i < losses.length; i++) {
    const change = losses[i]! - losses[i - 1]!;
    if (change > 0) up += change;
    else down -= change;
  }
  const left = (end - best) / (start - best);
  if (up > mostClimbing * down && left > 0.05) return 'large';
  return left > mostLeft ? 'small' : 'right';
}
