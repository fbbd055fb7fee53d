/** A race laid onto a plane of the loss: which plane, how far it reaches, and where every racer stands on it at every step. */
import { onLane, type Course, type Point } from './course.ts';
import { gridSides, lossGrid, type LossGrid } from './lossGrid.ts';
import { filterNormalised, placerOn, planeThrough, principalPlane, rangeOf, type LossPlane } from './lossPlane.ts';
import { judgeRate, pointsOf, type Race, type RacePath, type RateVerdict } from './race.ts';

/** `principal`: where the paths spread most; `random`: filter-normalised around the best end; `ends`: start and two ends. */
export type PlaneKind = 'principal' | 'random' | 'ends';

export interface RacerResult {
  /** (points) over the course's sample. */
  readonly losses: Float32Array;
  /** (points, 2): α and β. */
  readonly places: Float32Array;
  /** Of the path's length, how much lies in the plane. */
  readonly share: number;
  readonly verdict: RateVerdict;
}

export interface Landscape {
  readonly racers: readonly RacerResult[];
  readonly grid: LossGrid;
  /** Steps from one point of the paths to the next. */
  readonly every: number;
  /** Rows of the training part that losses are taken over, of how many. */
  readonly sample: { readonly rows: number; readonly of: number };
}

export interface LayOutOptions {
  readonly kind: PlaneKind;
  /** Of the finest grid, one of `gridSides`; or any, which is then computed at once. */
  readonly side: number;
  /** Called after every point of the map; awaited, and may throw to end it. `soFar`: with the last grid that is whole. */
  readonly advanced?: (done: number, total: number, soFar?: Landscape) => Promise<void> | void;
}

/** Points whose loss is above this many times the start's are off the map: they would make all else a dot. */
const farLoss = 3;

export async function layOut(course: Course, { paths, every }: Race, { kind, side, advanced }: LayOutOptions): Promise<Landscape> {
  const points = paths.map(pointsOf);
  const near = paths.map(({ losses }) => Array.from(losses, (loss) => loss <= farLoss * losses[0]!));
  const plane = choosePlane(course, paths, points, near, kind);
  const placer = placerOn(plane);
  const places = points.map((path) => path.map((point) => placer.placeOf(point)));
  const range = rangeOf(places.flatMap((path, i) => path.filter((_, step) => near[i]![step])));
  const best = Math.min(...paths.flatMap(({ losses }) => [...losses].filter(Number.isFinite)));
  const racers = paths.map(({ losses }, i) => ({
    losses: losses.slice(),
    places: Float32Array.from(places[i]!.flat()),
    share: placer.shareOf(points[i]!),
    verdict: judgeRate(losses, best),
  }));
  const landscapeWith = (grid: LossGrid): Landscape => ({ racers, grid, every, sample: course.sample });

  return onLane(course.open(), async (lane) => {
    const sides = gridSides.includes(side as never) ? gridSides.filter((own) => own <= side) : [side];
    let [done, coarser] = [0, undefined as LossGrid | undefined];
    for (const own of sides) {
      const [before, whole] = [done, coarser];
      coarser = await lossGrid(course, lane, plane, range, own, {
        ...(whole && { coarser: whole }),
        advanced: (computed) => advanced?.((done = before + computed), side * side, whole && landscapeWith(whole)),
      });
    }
    return landscapeWith(coarser!);
  });
}

function choosePlane(
  { parameters, seed }: Course,
  paths: readonly RacePath[],
  points: readonly (readonly Point[])[],
  near: readonly boolean[][],
  kind: PlaneKind,
): LossPlane {
  const endOf = ({ losses }: RacePath): number => {
    const loss = losses.at(-1)!;
    return Number.isFinite(loss) ? loss : Infinity;
  };
  const ranking = paths.map((_, i) => i).sort((a, z) => endOf(paths[a]!) - endOf(paths[z]!));
  const best = ranking[0]!;
  const bestPath = points[best]!;
  // Where all were thrown away, the best one's last place before that.
  const end = bestPath[Number.isFinite(endOf(paths[best]!)) ? bestPath.length - 1 : near[best]!.lastIndexOf(true)] ?? bestPath[0]!;
  if (kind === 'random') return filterNormalised(parameters, end, seed);
  if (kind === 'principal') {
    const all = points.flatMap((path, i) => path.filter((_, step) => near[i]![step]));
    return principalPlane(all, end);
  }
  const second = ranking.slice(1).find((i) => Number.isFinite(endOf(paths[i]!)));
  // Alone, its own middle is the third point.
  const third = second === undefined ? bestPath[Math.floor(bestPath.length / 2)]! : points[second]!.at(-1)!;
  return planeThrough(bestPath[0]!, end, third);
}
