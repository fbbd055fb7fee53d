/**
 * A plane through the space of all parameters: θ = centre + α · first + β · second. Random directions are normalised
 * filter by filter (Li, Xu, Taylor, Studer, Goldstein 2018, Visualizing the loss landscape of neural nets), so that a step
 * along them means as much in every layer; or they follow the paths: their principal directions, or start and two ends.
 */
import { elementCount } from '../ops/shapes.ts';
import { createRandom } from '../random/philox.ts';
import type { Point, RaceParameter } from './course.ts';

export interface LossPlane {
  readonly centre: Point;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

const directionStream = 0x4c300000;

/** Around `centre`; biases and the scales of normalisations stay where they are. */
export function filterNormalised(parameters: readonly RaceParameter[], centre: Point, seed: number): LossPlane {
  return { centre, first: randomDirection(parameters, centre, seed, 0), second: randomDirection(parameters, centre, seed, 1) };
}

function randomDirection(parameters: readonly RaceParameter[], centre: Point, seed: number, which: number): Float64Array {
  const random = createRandom(seed, directionStream + which);
  const direction = new Float64Array(centre.length);
  let at = 0;
  for (const { shape, filterAxis } of parameters) {
    const size = elementCount(shape);
    if (filterAxis !== undefined) {
      const own = direction.subarray(at, at + size);
      for (let i = 0; i < size; i++) own[i] = random.normal();
      scaleFilters(own, centre.subarray(at, at + size), shape, filterAxis);
    }
    at += size;
  }
  return direction;
}

/** Gives every filter of the direction the length that it has in the weights. */
function scaleFilters(direction: Float64Array, weights: Point, shape: readonly number[], axis: number): void {
  const inner = elementCount(shape.slice(axis + 1));
  const filters = shape[axis]!;
  const [own, wanted] = [new Float64Array(filters), new Float64Array(filters)];
  const filterOf = (i: number): number => Math.floor(i / inner) % filters;
  for (let i = 0; i < direction.length; i++) {
    own[filterOf(i)]! += direction[i]! ** 2;
    wanted[filterOf(i)]! += weights[i]! ** 2;
  }
  for (let i = 0; i < direction.length; i++) direction[i]! *= Math.sqrt(wanted[filterOf(i)]! / (own[filterOf(i)]! || 1));
}

/** Multiply-adds that the products of all points with one another may take: about a second. */
const mostProducts = 1e9;

/** The two directions in which points spread most around `centre`, by subspace iteration; each of length 1. */
export function principalPlane(points: readonly Point[], centre: Point): LossPlane {
  const size = centre.length;
  // Where there are more parameters than points, the directions are sums of points and are sought among those.
  const most = Math.max(24, Math.floor(Math.sqrt((2 * mostProducts) / size)));
  const taken = points.length <= most ? points : Array.from({ length: most }, (_, i) => points[Math.floor((i * points.length) / most)]!);
  if (taken.length >= size) {
    const [first, second] = iterate(size, (direction) => spread(taken, centre, direction));
    return { centre, first, second };
  }
  const products = taken.map((a, i) => Float64Array.from(taken.slice(0, i + 1), (b) => offsetDot(a, b, centre)));
  const product = (i: number, k: number): number => (k <= i ? products[i]![k]! : products[k]![i]!);
  const shares = iterate(taken.length, (own) => own.map((_, i) => own.reduce((sum, share, k) => sum + share * product(i, k), 0)));
  const [first, second] = orthonormal(...(shares.map((own) => combine(taken, centre, own)) as [Float64Array, Float64Array]));
  return { centre, first, second };
}

/** The two largest eigenvectors of a symmetric matrix that is given by what it does. */
function iterate(size: number, multiply: (direction: Float64Array) => Float64Array): [Float64Array, Float64Array] {
  const start = (k: number): Float64Array => Float64Array.from({ length: size }, (_, i) => Math.cos((k + 1) * (i + 1)));
  let [first, second] = orthonormal(start(0), start(1));
  for (let pass = 0; pass < 300; pass++) {
    const before = first;
    [first, second] = orthonormal(multiply(first), multiply(second));
    if (Math.abs(Math.abs(dot(before, first)) - 1) < 1e-13 && pass > 20) break;
  }
  return [first, second];
}

/** Σ offset · (offset · direction) */
function spread(points: readonly Point[], centre: Point, direction: Float64Array): Float64Array {
  const shares = Float64Array.from(points, (point) => {
    let sum = 0;
    for (let i = 0; i < direction.length; i++) sum += (point[i]! - centre[i]!) * direction[i]!;
    return sum;
  });
  return combine(points, centre, shares);
}

/** Σ share · offset */
function combine(points: readonly Point[], centre: Point, shares: Float64Array): Float64Array {
  const sum = new Float64Array(centre.length);
  points.forEach((point, k) => {
    const share = shares[k]!;
    for (let i = 0; i < sum.length; i++) sum[i]! += share * (point[i]! - centre[i]!);
  });
  return sum;
}

function offsetDot(a: Point, b: Point, centre: Point): number {
  let sum = 0;
  for (let i = 0; i < centre.length; i++) sum += (a[i]! - centre[i]!) * (b[i]! - centre[i]!);
  return sum;
}

/** Through three points, exactly. `first` leads from the centre to a, `second` to b. */
export function planeThrough(centre: Point, a: Point, b: Point): LossPlane {
  return { centre, first: subtract(a, centre), second: subtract(b, centre) };
}

export interface Placer {
  /** (α, β) of the point of the plane that is nearest. */
  placeOf(point: Point): [number, number];
  /** Length of the path's steps within the plane ÷ their length. */
  shareOf(path: readonly Point[]): number;
}

export function placerOn({ centre, first, second }: LossPlane): Placer {
  const [aa, ab, bb] = [dot(first, first), dot(first, second), dot(second, second)];
  const determinant = aa * bb - ab * ab;
  function coordinates(offset: Float64Array): [number, number] {
    const [a, b] = [dot(first, offset), dot(second, offset)];
    // Directions that are one line span no plane: what lies along it is given to the first.
    if (determinant <= 1e-12 * aa * bb) return [aa === 0 ? 0 : a / aa, 0];
    return [(a * bb - b * ab) / determinant, (b * aa - a * ab) / determinant];
  }
  return {
    placeOf: (point) => coordinates(subtract(point, centre)),
    shareOf(path) {
      let [within, whole] = [0, 0];
      for (let i = 1; i < path.length; i++) {
        const move = subtract(path[i]!, path[i - 1]!);
        const length = norm(move);
        if (!Number.isFinite(length)) break;
        const [a, b] = coordinates(move);
        within += Math.sqrt(Math.max(0, a * a * aa + 2 * a * b * ab + b * b * bb));
        whole += length;
      }
      return whole === 0 ? 0 : within / whole;
    },
  };
}

/** Holds all finite places and (0, 0) with a margin of an eighth. */
export function rangeOf(places: readonly (readonly [number, number])[]): [number, number, number, number] {
  const axis = (k: 0 | 1): [number, number] => {
    const values = places.map((place) => place[k]).filter(Number.isFinite);
    const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
    const margin = 0.125 * (high - low) || 1;
    return [low - margin, high + margin];
  };
  return [...axis(0), ...axis(1)];
}

export function subtract(a: Point, b: Point): Float64Array {
  const difference = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) difference[i] = a[i]! - b[i]!;
  return difference;
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
