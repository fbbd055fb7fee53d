/**
 * A plane through the space of all parameters: θ = centre + α · first + β · second. Random directions are normalised
 * filter by filter (Li, Xu, Taylor, Studer, Goldstein 2018, Visualizing the loss landscape of neural nets), so that a step
 * along them means as much in every layer; or they follow the paths: their principal directions, or start and two ends.
 */
import { createReferenceEngine } from '../engines/reference/referenceEngine.ts';
import { createBuilder } from '../program/builder.ts';
import { createRandom } from '../random/philox.ts';
import type { PlaneData } from './planeData.ts';
import { forwardPlane, planeLoss, type PlaneNetwork } from './planeNetwork.ts';
import { planeParameters, type Parameter } from './planePrograms.ts';

export interface LossPlane {
  readonly centre: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

const directionStream = 0x4c300000;

/** Around `centre`; a filter is the row of weights into one unit, biases stay where they are. */
export function filterNormalised(network: PlaneNetwork, centre: Float64Array, seed: number): LossPlane {
  const layout = planeParameters(network);
  return { centre, first: randomDirection(layout, centre, seed, 0), second: randomDirection(layout, centre, seed, 1) };
}

function randomDirection(layout: readonly Parameter[], centre: Float64Array, seed: number, which: number): Float64Array {
  const random = createRandom(seed, directionStream + which);
  const direction = new Float64Array(centre.length);
  let at = 0;
  for (const { shape, size, isBias } of layout) {
    const filter = shape[1] ?? 0;
    for (let from = at; !isBias && from < at + size; from += filter) {
      for (let i = from; i < from + filter; i++) direction[i] = random.normal();
      const row = direction.subarray(from, from + filter);
      const scale = norm(centre.subarray(from, from + filter)) / (norm(row) || 1);
      for (let i = 0; i < filter; i++) row[i]! *= scale;
    }
    at += size;
  }
  return direction;
}

/** The two directions in which points spread most around `centre`, by subspace iteration; each of length 1. */
export function principalPlane(points: readonly Float64Array[], centre: Float64Array): LossPlane {
  const offsets = points.map((point) => subtract(point, centre));
  const start = (k: number): Float64Array => centre.map((_, i) => Math.cos((k + 1) * (i + 1)));
  let [first, second] = orthonormal(start(0), start(1));
  for (let pass = 0; pass < 300; pass++) {
    const before = first;
    [first, second] = orthonormal(spread(offsets, first), spread(offsets, second));
    if (Math.abs(Math.abs(dot(before, first)) - 1) < 1e-13 && pass > 20) break;
  }
  return { centre, first, second };
}

/** Through three points, exactly. `first` leads from the centre to a, `second` to b. */
export function planeThrough(centre: Float64Array, a: Float64Array, b: Float64Array): LossPlane {
  return { centre, first: subtract(a, centre), second: subtract(b, centre) };
}

/** Σ offset · (offset · direction) */
function spread(offsets: readonly Float64Array[], direction: Float64Array): Float64Array {
  const sum = new Float64Array(direction.length);
  for (const offset of offsets) {
    const share = dot(offset, direction);
    for (let i = 0; i < sum.length; i++) sum[i]! += share * offset[i]!;
  }
  return sum;
}

/** (α, β) of the point of the plane that is nearest. */
export function placeOn({ centre, first, second }: LossPlane, point: Float64Array): [number, number] {
  return coordinates(first, second, subtract(point, centre));
}

function coordinates(first: Float64Array, second: Float64Array, offset: Float64Array): [number, number] {
  const [aa, ab, bb] = [dot(first, first), dot(first, second), dot(second, second)];
  const [a, b] = [dot(first, offset), dot(second, offset)];
  const determinant = aa * bb - ab * ab;
  // Directions that are one line span no plane: what lies along it is given to the first.
  if (determinant <= 1e-12 * aa * bb) return [aa === 0 ? 0 : a / aa, 0];
  return [(a * bb - b * ab) / determinant, (b * aa - a * ab) / determinant];
}

/** Length of the path's steps within the plane ÷ their length. */
export function shareInPlane({ first, second }: LossPlane, path: readonly Float64Array[]): number {
  let [within, whole] = [0, 0];
  for (let i = 1; i < path.length; i++) {
    const move = subtract(path[i]!, path[i - 1]!);
    if (!Number.isFinite(dot(move, move))) break;
    const [a, b] = coordinates(first, second, move);
    within += norm(move.map((_, k) => a * first[k]! + b * second[k]!));
    whole += norm(move);
  }
  return whole === 0 ? 0 : within / whole;
}

export interface LossGrid {
  readonly side: number;
  /** Low and high of α, low and high of β. */
  readonly range: readonly [number, number, number, number];
  /** (side, side), rows from the highest β down. */
  readonly losses: Float32Array;
}

/** Loss over the training part at side × side points of the plane. @param advanced after every row, awaited */
export async function lossGrid(
  network: PlaneNetwork,
  data: PlaneData,
  plane: LossPlane,
  range: LossGrid['range'],
  side: number,
  advanced?: (row: number) => Promise<void> | void,
): Promise<LossGrid> {
  const layout = planeParameters(network);
  const b = createBuilder({ name: 'slice', batchSize: 0 });
  const corners = ['centre', 'first', 'second'] as const;
  const slots = layout.flatMap(({ slot, shape }) =>
    corners.map((corner) => ({ name: `${corner}/${slot}`, kind: 'data' as const, type: { shape, dtype: 'f32' as const } })),
  );
  const { trainCount } = data;
  slots.push({ name: 'data/points', kind: 'data', type: { shape: [trainCount, 2], dtype: 'f32' } });
  slots.push({ name: 'data/targets', kind: 'data', type: { shape: [trainCount], dtype: 'f32' } });
  const value = (name: string, shape: readonly number[]) => b.slot(name, { shape, dtype: 'f32' });
  const forward = forwardPlane(b, network, value('data/points', [trainCount, 2]), (slot, shape) => {
    const [centre, first, second] = corners.map((corner) => value(`${corner}/${slot}`, shape));
    return b.add(b.add(centre!, b.multiply(first!, b.scalar('alpha'))), b.multiply(second!, b.scalar('beta')));
  });
  b.append('losses', planeLoss(b, network, forward.layers.at(-1)!, value('data/targets', [trainCount])));
  const program = b.build();
  const ring = { name: 'losses', kind: 'ring' as const, type: { shape: [side * side], dtype: 'f32' as const } };
  const engine = createReferenceEngine();
  await engine.load({ programs: { slice: program }, slots: [...slots, ring], seed: 0 });
  await engine.write('data/points', data.points.slice(0, 2 * trainCount));
  await engine.write('data/targets', data.targets.slice(0, trainCount));
  let at = 0;
  for (const { slot, size } of layout) {
    for (const corner of corners) await engine.write(`${corner}/${slot}`, Float32Array.from(plane[corner].subarray(at, at + size)));
    at += size;
  }
  const [a0, a1, b0, b1] = range;
  for (let row = 0; row < side; row++) {
    const beta = b1 - ((b1 - b0) * row) / (side - 1);
    const scalars = new Float32Array(2 * side);
    for (let column = 0; column < side; column++) {
      const alpha = a0 + ((a1 - a0) * column) / (side - 1);
      program.scalarNames.forEach((name, k) => (scalars[column * 2 + k] = name === 'alpha' ? alpha : beta));
    }
    await engine.run('slice', { steps: side, firstStep: 0, scalars });
    await advanced?.(row + 1);
  }
  const losses = (await engine.read('losses')) as Float32Array;
  await engine.dispose();
  return { side, range, losses };
}

/** Holds all finite places and (0, 0) with a margin of an eighth. */
export function rangeOf(places: readonly (readonly [number, number])[]): LossGrid['range'] {
  const axis = (k: 0 | 1): [number, number] => {
    const values = places.map((place) => place[k]).filter(Number.isFinite);
    const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
    const margin = 0.125 * (high - low) || 1;
    return [low - margin, high + margin];
  };
  return [...axis(0), ...axis(1)];
}

export function subtract(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value - b[i]!);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

export function norm(a: Float64Array): number {
  return Math.sqrt(dot(a, a));
}

function orthonormal(a: Float64Array, b: Float64Array): [Float64Array, Float64Array] {
  const unit = (x: Float64Array): Float64Array => {
    const length = norm(x) || 1;
    return x.map((value) => value / length);
  };
  const first = unit(a);
  const share = dot(first, b);
  return [first, unit(b.map((value, i) => value - share * first[i]!))];
}
