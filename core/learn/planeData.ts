/**
 * Points in a plane with a class or a number each: drawn from a seed, or taken from two columns of a data set. Rows are
 * in random order, so that the first of them make the training part.
 */
import { createRandom, type Random } from '../random/philox.ts';

export interface PlaneData {
  /** (rows, 2) on the network's scale. */
  readonly points: Float32Array;
  /** (rows): class codes, or numbers on the network's scale. */
  readonly targets: Float32Array;
  /** Names by code; none where numbers are predicted. */
  readonly classes: readonly string[];
  /** Rows from this one on are the test part. */
  readonly trainCount: number;
  /** The square that is looked at: low and high of x, low and high of y, on the network's scale. */
  readonly bounds: readonly [number, number, number, number];
}

/** Half the side of the square in which generated points lie. */
export const planeReach = 6;
const radius = 5;
const dataStream = 0x4c000000;
const orderStream = 0x4c000001;

type Draw = (random: Random, i: number, count: number) => { x: number; y: number; target: number };

/** Uniform between −half and half. */
const around = (random: Random, half: number): number => (2 * random.uniform() - 1) * half;

/** Classes are 0 and 1, numbers −1 to 1; the truth is that of the place before noise. */
const draws = {
  circle(random, i) {
    const inner = i % 2 === 1;
    const r = inner ? random.uniform() * radius * 0.5 : radius * (0.7 + 0.3 * random.uniform());
    const angle = 2 * Math.PI * random.uniform();
    return { x: r * Math.sin(angle), y: r * Math.cos(angle), target: inner ? 1 : 0 };
  },
  xor(random) {
    const [x, y] = [around(random, radius), around(random, radius)];
    const gap = 0.3;
    return { x: x + Math.sign(x) * gap, y: y + Math.sign(y) * gap, target: x * y >= 0 ? 1 : 0 };
  },
  gaussians(random, i) {
    const side = i % 2 === 1 ? 1 : -1;
    return { x: 2 * side + random.normal(), y: 2 * side + random.normal(), target: side > 0 ? 1 : 0 };
  },
  spiral(random, i, count) {
    const arm = i % 2;
    const along = (Math.floor(i / 2) + random.uniform()) / Math.ceil(count / 2);
    const angle = 1.75 * along * 2 * Math.PI + arm * Math.PI;
    return { x: radius * along * Math.sin(angle), y: radius * along * Math.cos(angle), target: arm };
  },
  slope(random) {
    const [x, y] = [around(random, radius), around(random, radius)];
    return { x, y, target: (x + y) / (2 * radius) };
  },
  hills(random) {
    const [x, y] = [around(random, radius), around(random, radius)];
    const hill = (cx: number, cy: number): number => Math.exp(-((x - cx) ** 2 + (y - cy) ** 2) / 4);
    return { x, y, target: hill(2.5, 2.5) + hill(-2.5, -2.5) - hill(2.5, -2.5) - hill(-2.5, 2.5) };
  },
} as const satisfies Record<string, Draw>;

export type PlaneShape = keyof typeof draws;
export const classShapes: readonly PlaneShape[] = ['circle', 'xor', 'gaussians', 'spiral'];
export const numberShapes: readonly PlaneShape[] = ['slope', 'hills'];

export interface PlaneRecipe {
  readonly shape: PlaneShape;
  readonly count: number;
  /** 0 to 1: standard deviation of what is added to both coordinates, as a share of 2. */
  readonly noise: number;
  readonly testShare: number;
  readonly seed: number;
}

export function generatePlane({ shape, count, noise, testShare, seed }: PlaneRecipe): PlaneData {
  const random = createRandom(seed, dataStream);
  const points = new Float32Array(2 * count);
  const targets = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const { x, y, target } = draws[shape](random, i, count);
    points[2 * i] = x + 2 * noise * random.normal();
    points[2 * i + 1] = y + 2 * noise * random.normal();
    targets[i] = target;
  }
  return {
    ...inRandomOrder(points, targets, seed),
    classes: classShapes.includes(shape) ? ['0', '1'] : [],
    trainCount: trainingRows(count, testShare),
    bounds: [-planeReach, planeReach, -planeReach, planeReach],
  };
}

/** A point by hand, of one of two classes. */
export interface DrawnPoint {
  readonly x: number;
  readonly y: number;
  readonly target: 0 | 1;
}

const partStream = 0x4c000002;

/** So few that there is no point to train on, or none to test on. */
export const fewestDrawn = 2;

/** Points by hand. Every point keeps its part when others follow: the first is for training, the second for testing. */
export function planeOfPoints(drawn: readonly DrawnPoint[], testShare: number, seed: number): PlaneData {
  const random = createRandom(seed, partStream);
  const isTest = drawn.map((_, i) => (random.uniform() < testShare && i > 0) || i === 1);
  const ordered = [...drawn.filter((_, i) => !isTest[i]), ...drawn.filter((_, i) => isTest[i])];
  return {
    points: Float32Array.from(ordered.flatMap(({ x, y }) => [x, y])),
    targets: Float32Array.from(ordered, ({ target }) => target),
    classes: ['0', '1'],
    trainCount: isTest.filter((own) => !own).length,
    bounds: [-planeReach, planeReach, -planeReach, planeReach],
  };
}

function trainingRows(count: number, testShare: number): number {
  return Math.min(count - 1, Math.max(1, Math.round(count * (1 - testShare))));
}

function inRandomOrder(points: Float32Array, targets: Float32Array, seed: number): { points: Float32Array; targets: Float32Array } {
  const order = Int32Array.from(targets, (_, i) => i);
  createRandom(seed, orderStream).shuffle(order);
  const shuffled = new Float32Array(points.length);
  order.forEach((from, to) => {
    shuffled[2 * to] = points[2 * from]!;
    shuffled[2 * to + 1] = points[2 * from + 1]!;
  });
  return { points: shuffled, targets: Float32Array.from(order, (from) => targets[from]!) };
}

/** Two columns of a table and a target, complete rows only. */
export interface PlaneTable {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Class codes or numbers. */
  readonly targets: Float64Array;
  readonly classes: readonly string[];
}

/** value = mean + deviation · number on the network's scale */
export interface Scale {
  readonly mean: number;
  readonly deviation: number;
}

export interface ScaledPlane {
  readonly data: PlaneData;
  readonly scales: { readonly x: Scale; readonly y: Scale; readonly target: Scale };
}

const unscaled: Scale = { mean: 0, deviation: 1 };

/** Columns, and targets that are numbers, to mean 0 and standard deviation 1 over the training part. */
export function planeOfTable({ x, y, targets, classes }: PlaneTable, testShare: number, seed: number): ScaledPlane {
  const order = Int32Array.from(targets, (_, i) => i);
  createRandom(seed, orderStream).shuffle(order);
  const trainCount = trainingRows(order.length, testShare);
  const training = order.subarray(0, trainCount);
  const scales = {
    x: scaleOf(x, training),
    y: scaleOf(y, training),
    target: classes.length > 0 ? unscaled : scaleOf(targets, training),
  };
  const scaled = (values: Float64Array, { mean, deviation }: Scale, row: number): number => (values[row]! - mean) / deviation;
  const points = new Float32Array(2 * order.length);
  order.forEach((row, i) => {
    points[2 * i] = scaled(x, scales.x, row);
    points[2 * i + 1] = scaled(y, scales.y, row);
  });
  return {
    data: {
      points,
      targets: Float32Array.from(order, (row) => scaled(targets, scales.target, row)),
      classes,
      trainCount,
      bounds: [...rangeOf(points, 0), ...rangeOf(points, 1)],
    },
    scales,
  };
}

function scaleOf(values: Float64Array, rows: Int32Array): Scale {
  const mean = rows.reduce((sum, row) => sum + values[row]!, 0) / rows.length;
  const variance = rows.reduce((sum, row) => sum + (values[row]! - mean) ** 2, 0) / rows.length;
  return { mean, deviation: Math.sqrt(variance) || 1 };
}

/** Of the rows at either end of a column, this share may lie beyond the map: single far ones would make all others a dot. */
const beyondShare = 0.005;

/** Low and high of one coordinate but for the farthest rows, with a margin of a tenth; never of width 0. */
function rangeOf(points: Float32Array, axis: 0 | 1): [number, number] {
  const values = points.filter((_, i) => i % 2 === axis).sort();
  const cut = Math.floor(values.length * beyondShare);
  const [low, high] = [values[cut]!, values[values.length - 1 - cut]!];
  const margin = 0.1 * (high - low) || 1;
  return [low - margin, high + margin];
}

/** How many points lie beyond the map. */
export function countBeyond({ points, bounds: [x0, x1, y0, y1] }: PlaneData): number {
  let count = 0;
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = [points[i]!, points[i + 1]!];
    if (x < x0 || x > x1 || y < y0 || y > y1) count++;
  }
  return count;
}
