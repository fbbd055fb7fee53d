import { describe, expect, it } from 'vitest';
import { defaultOptimizer } from '../optimizers/index.ts';
import { PlaneBench, mapSide, type PlaneSettings } from './planeBench.ts';
import { classShapes, countBeyond, generatePlane, numberShapes, planeOfPoints, planeOfTable, type PlaneShape } from './planeData.ts';
import { outputUnits, parameterCount, planeInputs, type PlaneNetwork } from './planeNetwork.ts';
import { gridPoints } from './planePrograms.ts';

const network: PlaneNetwork = { inputs: ['x', 'y'], hidden: [4, 2], activation: 'tanh', classes: 2 };
const settings: PlaneSettings = {
  network,
  optimizer: { ...defaultOptimizer('sgd'), learningRate: 0.03, momentum: 0.9 },
  penalty: 'none',
  penaltyRate: 0,
  batchSize: 10,
  seed: 1,
};
const recipe = { shape: 'circle' as PlaneShape, count: 500, noise: 0, testShare: 0.5, seed: 1 };

async function trained(change: Partial<PlaneSettings>, data = generatePlane(recipe), epochs = 60): Promise<PlaneBench> {
  const bench = await PlaneBench.create({ ...settings, ...change }, data);
  for (let i = 0; i < epochs; i++) await bench.trainEpoch();
  return bench;
}

describe('data of the plane', () => {
  it.each([...classShapes, ...numberShapes])('%s depends on the seed alone and stays in reach', (shape) => {
    const data = generatePlane({ ...recipe, shape });
    expect(data).toEqual(generatePlane({ ...recipe, shape }));
    expect(data.points).not.toEqual(generatePlane({ ...recipe, shape, seed: 2 }).points);
    expect(data.trainCount).toBe(250);
    expect(Math.max(...data.points.map(Math.abs))).toBeLessThan(7);
    const mean = data.targets.reduce((sum, y) => sum + y, 0) / data.targets.length;
    expect(Math.abs(mean - (classShapes.includes(shape) ? 0.5 : 0))).toBeLessThan(0.1);
  });

  it('noise moves points, not their classes', () => {
    const calm = generatePlane(recipe);
    const noisy = generatePlane({ ...recipe, noise: 0.5 });
    expect(noisy.points).not.toEqual(calm.points);
    expect(noisy.targets.reduce((sum, y) => sum + y, 0)).toBe(calm.targets.reduce((sum, y) => sum + y, 0));
  });

  it('points by hand keep their part and their place when others follow', () => {
    const drawn = Array.from({ length: 30 }, (_, i) => ({ x: i / 10, y: -i / 10, target: (i % 2) as 0 | 1 }));
    for (const count of [2, 3, 29, 30]) {
      const { points, targets, trainCount, classes } = planeOfPoints(drawn.slice(0, count), 0.5, 4);
      expect([classes.length, points.length, targets.length]).toEqual([2, 2 * count, count]);
      expect(trainCount).toBeGreaterThan(0);
      expect(trainCount).toBeLessThan(count);
      targets.forEach((target, i) => expect(Math.round(points[2 * i]! * 10) % 2).toBe(target));
    }
    const training = (count: number): number[] => {
      const { points, trainCount } = planeOfPoints(drawn.slice(0, count), 0.5, 4);
      return [...points.subarray(0, 2 * trainCount)];
    };
    expect(training(30).slice(0, training(20).length)).toEqual(training(20));
    expect(planeOfPoints([], 0.5, 4)).toMatchObject({ trainCount: 0 });
  });

  it('a table is brought to mean 0 and deviation 1 over its training part', () => {
    const x = Float64Array.from({ length: 40 }, (_, i) => 100 + 3 * i);
    const table = { x, y: x.map((value) => value * value), targets: x.map((_, i) => i % 3), classes: ['a', 'b', 'c'] };
    const { data, scales } = planeOfTable(table, 0.25, 3);
    expect(data.trainCount).toBe(30);
    const training = [...data.points.subarray(0, 60)].filter((_, i) => i % 2 === 0);
    expect(training.reduce((sum, value) => sum + value, 0) / 30).toBeCloseTo(0, 5);
    expect(training.reduce((sum, value) => sum + value * value, 0) / 30).toBeCloseTo(1, 5);
    // Every row keeps its own target.
    data.targets.forEach((target, i) => {
      const own = Math.round((data.points[2 * i]! * scales.x.deviation + scales.x.mean - 100) / 3);
      expect(own % 3).toBe(target);
    });
    expect(scales.target).toEqual({ mean: 0, deviation: 1 });
  });
});

describe('the map over a table', () => {
  it('leaves single far rows out', () => {
    const x = Float64Array.from({ length: 1000 }, (_, i) => (i < 3 ? 1e6 : i % 100));
    const { data } = planeOfTable({ x, y: x.map((_, i) => i % 7), targets: x.map((_, i) => i % 2), classes: ['a', 'b'] }, 0.5, 1);
    expect(countBeyond(data)).toBe(3);
    expect(countBeyond(generatePlane(recipe))).toBe(0);
  });
});

describe('a network over the plane', () => {
  it('learns the circle', async () => {
    const bench = await trained({});
    const { testLoss, testScore } = await bench.scores();
    expect(testLoss).toBeLessThan(0.1);
    expect(testScore).toBeGreaterThan(0.95);
    expect(bench.epoch).toBe(60);
    expect(bench.step).toBe(60 * 25);
  });

  it('predicts numbers', async () => {
    const data = generatePlane({ ...recipe, shape: 'slope' });
    const bench = await trained({ network: { ...network, classes: 0 } }, data, 20);
    expect((await bench.scores()).testScore).toBeGreaterThan(0.95);
  });

  it('tells three classes apart', async () => {
    const { points } = generatePlane({ ...recipe, shape: 'slope' });
    const x = Float64Array.from({ length: 500 }, (_, i) => points[2 * i]!);
    const y = Float64Array.from({ length: 500 }, (_, i) => points[2 * i + 1]!);
    const targets = x.map((value, i) => (value + y[i]! < -2 ? 0 : value + y[i]! < 2 ? 1 : 2));
    const { data } = planeOfTable({ x, y, targets, classes: ['a', 'b', 'c'] }, 0.3, 1);
    const bench = await trained({ network: { ...network, classes: 3 } }, data, 30);
    expect((await bench.scores()).testScore).toBeGreaterThan(0.9);
    const map = await bench.map(3);
    expect(map.length).toBe(3 * mapSide * mapSide);
    expect(map[0]! + map[mapSide * mapSide]! + map[2 * mapSide * mapSide]!).toBeCloseTo(1, 5);
  });

  it('the map is what the weights say', async () => {
    const bench = await trained({ network: { ...network, inputs: planeInputs, hidden: [3], activation: 'relu' } }, undefined, 3);
    const [w1, b1, w2, b2] = (await bench.weights()) as [Float32Array, Float32Array, Float32Array, Float32Array];
    const points = gridPoints(bench.data.bounds, mapSide);
    const map = await bench.map(2);
    const units = await bench.map(1, 1, 1);
    for (const cell of [0, 777, mapSide * mapSide - 1]) {
      const [x, y] = [points[2 * cell]!, points[2 * cell + 1]!];
      const inputs = [x, y, x * x, y * y, x * y, Math.sin(x), Math.sin(y)];
      const hidden = [0, 1, 2].map((u) =>
        Math.max(
          0,
          inputs.reduce((sum, value, i) => sum + value * w1[7 * u + i]!, b1[u]!),
        ),
      );
      const score = hidden.reduce((sum, value, i) => sum + value * w2[i]!, b2[0]!);
      expect(units[cell]).toBeCloseTo(hidden[1]!, 4);
      expect(map[cell]).toBeCloseTo(1 / (1 + Math.exp(-score)), 4);
    }
    expect(points[1]).toBeGreaterThan(points[points.length - 1]!);
  });

  it('a weight set by hand is followed by scores and map', async () => {
    const bench = await trained({}, undefined, 2);
    const before = await bench.map(3);
    const scores = await bench.scores();
    await bench.setWeight(4, 1, 5);
    expect((await bench.weights())[4]![1]).toBe(5);
    expect(await bench.map(3)).not.toEqual(before);
    expect(await bench.scores()).not.toEqual(scores);
  });

  it('goes on with its weights when a setting of the training changes', async () => {
    const bench = await trained({}, undefined, 3);
    const next = { ...settings, batchSize: 7, penalty: 'l2' as const, penaltyRate: 0.1 };
    const changed = await PlaneBench.create(next, bench.data, bench);
    expect(await changed.weights()).toEqual(await bench.weights());
    expect(changed.epoch).toBe(3);
    const size = async (): Promise<number> => (await changed.weights()).flatMap((w) => [...w]).reduce((sum, w) => sum + w * w, 0);
    const before = await size();
    for (let i = 0; i < 20; i++) await changed.trainEpoch();
    expect(await size()).toBeLessThan(before);
  });

  it('a learning rate that is far too large ends in no number', async () => {
    const data = generatePlane({ ...recipe, shape: 'slope' });
    const sgd = { ...defaultOptimizer('sgd'), learningRate: 10 };
    const bench = await trained({ network: { ...network, classes: 0, activation: 'relu' }, optimizer: sgd }, data, 10);
    expect((await bench.scores()).trainLoss).toBeNaN();
  });

  it('counts its parameters', () => {
    expect(parameterCount(network)).toBe(2 * 4 + 4 + 4 * 2 + 2 + 2 + 1);
    expect([0, 2, 5].map(outputUnits)).toEqual([1, 1, 5]);
  });
});
