import { expect, it } from 'vitest';
import { prepareData } from '../tasks/prepareData.ts';
import { createReferenceEngine } from '../engines/reference/referenceEngine.ts';
import { defaultOptimizer } from '../optimizers/index.ts';
import { tinyConfig, tinyDataSet, tinyNetwork } from '../testing/tinyTraining.ts';
import { searchRate, suggestRate, type RatePoint } from './rateFinder.ts';

const platform = { poll: async () => undefined };

async function search(change = {}): Promise<RatePoint[]> {
  const config = tinyConfig('height', { optimizer: { ...defaultOptimizer('sgd'), momentum: 0 }, ...change });
  const data = prepareData(tinyDataSet('height'), config);
  const engine = createReferenceEngine();
  const points: RatePoint[] = [];
  for await (const point of searchRate({ config, document: tinyNetwork('height', 0), data, engine }, platform)) points.push(point);
  await engine.dispose();
  return points;
}

it('tries larger and larger rates until the loss explodes, and names one where it falls', async () => {
  const points = await search();
  expect(points[0]!.rate).toBeCloseTo(1e-6, 12);
  expect(points.length).toBeGreaterThan(40);
  expect(points.length).toBeLessThanOrEqual(100);
  points.slice(1).forEach(({ rate }, i) => expect(rate).toBeGreaterThan(points[i]!.rate));
  const suggested = suggestRate(points)!;
  const lowest = points.reduce((best, point) => (point.loss < best.loss ? point : best));
  expect(suggested).toBeGreaterThan(1e-3);
  expect(suggested).toBeLessThanOrEqual(lowest.rate);
});

it('is the same each time, and with several batches per step', async () => {
  expect(await search()).toEqual(await search());
  const { controls } = tinyConfig();
  expect((await search({ controls: { ...controls, accumulation: 3 } })).length).toBeGreaterThan(40);
});

it('suggests nothing where the loss never falls', () => {
  const points = Array.from({ length: 40 }, (_, i) => ({ rate: 10 ** (i / 10), loss: 1 + i }));
  expect(suggestRate(points)).toBeUndefined();
  expect(suggestRate([])).toBeUndefined();
});
