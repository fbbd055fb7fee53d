import { describe, expect, it } from 'vitest';
import { defaultOptimizer, optimizerNames } from '../optimizers/index.ts';
import { contourPieces, logLevels } from './contours.ts';
import { onLane } from './course.ts';
import { lossGrid } from './lossGrid.ts';
import { filterNormalised, norm, placerOn, planeThrough, principalPlane, rangeOf, subtract, type LossPlane } from './lossPlane.ts';
import { planeBatches, planeCourse } from './planeCourse.ts';
import { generatePlane } from './planeData.ts';
import { parameterCount, type PlaneNetwork } from './planeNetwork.ts';
import { planeParameters } from './planePrograms.ts';
import { judgeRate, pointsOf, runRacer } from './race.ts';

const network: PlaneNetwork = { inputs: ['x', 'y'], hidden: [4], activation: 'tanh', classes: 2 };
const setting = { network, batchSize: 20, seed: 1 };
const data = generatePlane({ shape: 'circle', count: 200, noise: 0.1, testShare: 0.5, seed: 1 });
const course = planeCourse(setting, data);
const size = parameterCount(network);

describe('a race', () => {
  it.each(optimizerNames)('%s starts where all start and keeps every step', async (name) => {
    const { parameters, losses } = await runRacer(course, defaultOptimizer(name), 8);
    const other = await runRacer(course, defaultOptimizer('sgd'), 1);
    expect(parameters.length).toBe(9 * size);
    expect(parameters.subarray(0, size)).toEqual(other.parameters.subarray(0, size));
    expect(losses[0]).toBe(other.losses[0]);
    expect(parameters.subarray(8 * size)).not.toEqual(parameters.subarray(0, size));
    expect(losses.every(Number.isFinite)).toBe(true);
  });

  it('deals every row once in an epoch, the same to all', () => {
    const batches = planeBatches(setting, 110);
    const epoch = (from: number) => Array.from({ length: 5 }, (_, i) => [...batches(from + i)]).flat();
    expect(new Set(epoch(0)).size).toBe(100);
    expect(epoch(5)).not.toEqual(epoch(0));
    expect(epoch(0)).toEqual(Array.from({ length: 5 }, (_, i) => [...planeBatches(setting, 110)(i)]).flat());
  });

  it('judges rates by their losses', async () => {
    const rate = async (learningRate: number) => (await runRacer(course, { ...defaultOptimizer('adam'), learningRate }, 200)).losses;
    const [small, right, large] = await Promise.all([rate(0.0005), rate(0.05), rate(20)]);
    const best = Math.min(...small, ...right);
    expect([small, right, large].map((losses) => judgeRate(losses, best))).toEqual(['small', 'right', 'large']);
    expect(judgeRate(Float32Array.of(1, 2, NaN), 0.1)).toBe('diverged');
  });
});

describe('a plane through the parameters', () => {
  it('random directions are as long as the filters they move, biases stay', async () => {
    const centre = Float64Array.from(pointsOf(await runRacer(course, defaultOptimizer('adam'), 60)).at(-1)!);
    const plane = filterNormalised(course.parameters, centre, 1);
    let at = 0;
    for (const { shape, size: count, isBias } of planeParameters(network)) {
      const width = isBias ? count : shape[1]!;
      for (let from = at; from < at + count; from += width) {
        const expected = isBias ? 0 : norm(centre.subarray(from, from + width));
        for (const direction of [plane.first, plane.second]) expect(norm(direction.subarray(from, from + width))).toBeCloseTo(expected, 9);
      }
      at += count;
    }
    expect(plane.first).not.toEqual(plane.second);
  });

  it('principal directions hold a path that lies in a plane', () => {
    const a = Float64Array.of(1, 2, 0, -1, 3);
    const b = Float64Array.of(0, 1, 1, 1, 0);
    const path = Array.from({ length: 20 }, (_, i) => a.map((value, k) => value * Math.sin(i / 3) + b[k]! * i));
    const plane = principalPlane(path, path.at(-1)!);
    const { placeOf, shareOf } = placerOn(plane);
    expect(shareOf(path)).toBeCloseTo(1, 9);
    expect(norm(plane.first)).toBeCloseTo(1, 9);
    for (const point of path) {
      const [alpha, beta] = placeOf(point);
      const back = plane.centre.map((value, k) => value + alpha * plane.first[k]! + beta * plane.second[k]!);
      expect(norm(subtract(back, point))).toBeLessThan(1e-9);
    }
  });

  it('principal directions are the same, sought among the parameters or among the points', () => {
    const [a, b] = [(k: number) => Math.sin(k + 1), (k: number) => Math.cos(2 * k)];
    const pathIn = (size: number, points: number) =>
      Array.from({ length: points }, (_, i) =>
        Float64Array.from({ length: size }, (_, k) => a(k) * Math.sin(i / 3) + b(k) * i + 0.01 * Math.sin(i * k)),
      );
    const path = pathIn(12, 11);
    const [few, many] = [principalPlane(path, path.at(-1)!), principalPlane([...path, ...path], path.at(-1)!)];
    for (const key of ['first', 'second'] as const)
      expect(Math.abs(few[key].reduce((sum, x, k) => sum + x * many[key][k]!, 0))).toBeCloseTo(1, 6);
  });

  it('through start and two ends: their places are (0, 0), (1, 0), (0, 1)', () => {
    const [start, a, b] = [Float64Array.of(1, 1, 1), Float64Array.of(2, 0, 1), Float64Array.of(1, 3, 5)] as const;
    const plane = planeThrough(start, a, b);
    expect(
      [start, a, b].map((point) =>
        placerOn(plane)
          .placeOf(point)
          .map((x) => Math.round(x * 1e9) / 1e9 + 0),
      ),
    ).toEqual([
      [0, 0],
      [1, 0],
      [0, 1],
    ]);
    const aside: LossPlane = { ...plane, first: Float64Array.of(1, 0, 0), second: Float64Array.of(0, 1, 0) };
    expect(placerOn(aside).shareOf([start, Float64Array.of(1, 1, 2)])).toBe(0);
  });

  it("the grid holds the racers' own losses where their points lie in the plane", async () => {
    const paths = await Promise.all((['adam', 'sgd'] as const).map((name) => runRacer(course, defaultOptimizer(name), 60)));
    const [first, second] = paths.map(pointsOf);
    const plane = planeThrough(first![0]!, first!.at(-1)!, second!.at(-1)!);
    const grid = await onLane(course.open(), (lane) => lossGrid(course, lane, plane, [0, 1, 0, 1], 3));
    expect(grid.losses[6]).toBeCloseTo(paths[0]!.losses[0]!, 5);
    expect(grid.losses[8]).toBeCloseTo(paths[0]!.losses.at(-1)!, 5);
    expect(grid.losses[0]).toBeCloseTo(paths[1]!.losses.at(-1)!, 5);
  });

  it('is as large as the paths and never empty', () => {
    expect(
      rangeOf([
        [8, -4],
        [0, NaN],
      ]),
    ).toEqual([-1, 9, -4.5, 0.5]);
    expect(rangeOf([])).toEqual([-1, 1, -1, 1]);
  });
});

it('contours run where the height is the level', () => {
  const side = 9;
  const heights = Float32Array.from({ length: side * side }, (_, i) => Math.hypot((i % side) - 4, Math.floor(i / side) - 4));
  const pieces = contourPieces(heights, side, 2.5);
  expect(pieces.length).toBeGreaterThan(40);
  for (let i = 0; i < pieces.length; i += 2) expect(Math.hypot(pieces[i]! - 4, pieces[i + 1]! - 4)).toBeCloseTo(2.5, 0);
  expect(logLevels(0.01, 100, 3).map((level) => level.toPrecision(3))).toEqual(['0.100', '1.00', '10.0']);
  expect(logLevels(0, 1, 3)).toEqual([]);
});
