import { describe, expect, it } from 'vitest';
import { prepareData } from '../tasks/prepareData.ts';
import { createReferenceEngine } from '../engines/reference/referenceEngine.ts';
import { createWasmEngine } from '../engines/wasm/wasmEngine.ts';
import { tinyConfig, tinyDataSet, tinyNetwork } from '../testing/tinyTraining.ts';
import { threadChoices } from './threadChoices.ts';
import { measureKernels, measureSteps } from './trial.ts';

const config = tinyConfig();
const data = prepareData(tinyDataSet(), config);
const source = { config, document: tinyNetwork(), data };
/** A clock that goes on by a millisecond at every look. */
const ticking = () => {
  let time = 0;
  return () => (time += 1);
};

describe('measureSteps', () => {
  it('takes steps until the budget is used and says how fast they were', async () => {
    const speed = await measureSteps({ ...source, engine: createReferenceEngine() }, { now: ticking(), budgetMs: 3 });
    expect(speed.batchSize).toBe(10);
    expect(speed.steps).toBeGreaterThan(3);
    expect(speed.samplesPerSecond).toBeCloseTo(10_000 / speed.stepMs);
  });
});

describe('measureKernels', () => {
  it('times every kernel of the training program', async () => {
    const engine = createWasmEngine();
    const times = await measureKernels({ ...source, engine }, { now: () => performance.now(), budgetMs: 20 });
    await engine.dispose();
    expect(times?.kernelMs.length).toBeGreaterThan(3);
    expect(times?.kernelMs.every((time) => time >= 0 && time < 1000)).toBe(true);
    expect(times?.kernelMs.some((time) => time > 0)).toBe(true);
  });

  it('knows that the reference cannot', async () => {
    expect(
      await measureKernels({ ...source, engine: createReferenceEngine() }, { now: () => performance.now(), budgetMs: 1 }),
    ).toBeUndefined();
  });
});

it('offers thread counts up to all cores', () => {
  expect(threadChoices(1)).toEqual([1]);
  expect(threadChoices(2)).toEqual([1, 2]);
  expect(threadChoices(6)).toEqual([1, 2, 4, 6]);
  expect(threadChoices(16)).toEqual([1, 2, 4, 8, 16]);
});
