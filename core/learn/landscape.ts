/** A race laid onto a plane of the loss: which plane, how far it reaches, and where every racer stands on it at every step. */
import type { OptimizerConfig } from '../optimizers/index.ts';
import {
  filterNormalised,
  lossGrid,
  placeOn,
  planeThrough,
  principalPlane,
  rangeOf,
  shareInPlane,
  type LossGrid,
  type LossPlane,
} from './lossPlane.ts';
import type { PlaneData } from './planeData.ts';
import { parameterCount } from './planeNetwork.ts';
import { judgeRate, runRacer, type RacePath, type RaceSetting, type RateVerdict } from './race.ts';

/** `principal`: where the paths spread most; `random`: filter-normalised around the best end; `ends`: start and two ends. */
export type PlaneKind = 'principal' | 'random' | 'ends';

export interface RacerResult {
  /** (steps + 1) over the whole training part. */
  readonly losses: Float32Array;
  /** (steps + 1, 2): α and β. */
  readonly places: Float32Array;
  /** Of the path's length, how much lies in the plane. */
  readonly share: number;
  readonly verdict: RateVerdict;
}

export interface Landscape {
  readonly racers: readonly RacerResult[];
  readonly grid: LossGrid;
}

/** Called now and then with how much is done; awaited, so that a worker can answer meanwhile, and may throw to end it. */
export type Advance = (phase: 'race' | 'grid', done: number, total: number) => Promise<void> | void;

export async function runRace(
  setting: RaceSetting,
  data: PlaneData,
  optimizers: readonly OptimizerConfig[],
  advance?: Advance,
): Promise<RacePath[]> {
  const paths: RacePath[] = [];
  for (const [i, optimizer] of optimizers.entries()) {
    const done = (step: number) => advance?.('race', i * setting.steps + step, optimizers.length * setting.steps);
    paths.push(await runRacer(setting, data, optimizer, done));
  }
  return paths;
}

/** Points whose loss is above this many times the start's are off the map: they would make all else a dot. */
const farLoss = 3;

export async function layOut(
  setting: RaceSetting,
  data: PlaneData,
  paths: readonly RacePath[],
  kind: PlaneKind,
  side: number,
  advance?: Advance,
): Promise<Landscape> {
  const points = paths.map((path) => pointsOf(path, parameterCount(setting.network)));
  const near = paths.map(({ losses }) => Array.from(losses, (loss) => loss <= farLoss * losses[0]!));
  const plane = choosePlane(setting, paths, points, near, kind);
  const places = points.map((path) => path.map((point) => placeOn(plane, point)));
  const range = rangeOf(places.flatMap((path, i) => path.filter((_, step) => near[i]![step])));
  const grid = await lossGrid(setting.network, data, plane, range, side, (row) => advance?.('grid', row, side));
  const best = Math.min(...paths.flatMap(({ losses }) => [...losses].filter(Number.isFinite)));
  const racers = paths.map(({ losses }, i) => ({
    losses,
    places: Float32Array.from(places[i]!.flat()),
    share: shareInPlane(plane, points[i]!),
    verdict: judgeRate(losses, best),
  }));
  return { racers, grid };
}

function choosePlane(
  { network, seed }: RaceSetting,
  paths: readonly RacePath[],
  points: readonly Float64Array[][],
  near: readonly boolean[][],
  kind: PlaneKind,
): LossPlane {
  const endOf = ({ losses }: RacePath): number => {
    const loss = losses.at(-1)!;
    return Number.isFinite(loss) ? loss : Infinity;
  };
  const ranking = paths.map((_, i) => i).sort((a, z) => endOf(paths[a]!) - endOf(paths[z]!));
  const bestPath = points[ranking[0]!]!;
  const end = bestPath.at(-1)!;
  if (kind === 'random') return filterNormalised(network, end, seed);
  if (kind === 'principal') {
    const all = points.flatMap((path, i) => path.filter((_, step) => near[i]![step]));
    return principalPlane(all, end);
  }
  const second = ranking.slice(1).find((i) => Number.isFinite(endOf(paths[i]!)));
  // Alone, its own middle is the third point.
  const third = second === undefined ? bestPath[Math.floor(bestPath.length / 2)]! : points[second]!.at(-1)!;
  return planeThrough(bestPath[0]!, end, third);
}

function pointsOf({ parameters }: RacePath, count: number): Float64Array[] {
  return Array.from({ length: parameters.length / count }, (_, i) => Float64Array.from(parameters.subarray(i * count, (i + 1) * count)));
}
