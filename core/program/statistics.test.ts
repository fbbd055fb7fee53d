/** State that training keeps and no gradient changes: batch norm's running statistics, through a whole session. */
import { defaultLoss } from '../train/defaults.ts';
import { expect, it } from 'vitest';
import type { Engine } from '../engines/engine.ts';
import { createReferenceEngine } from '../engines/reference/referenceEngine.ts';
import { enginesUnderTest } from '../testing/checkOp.ts';
import { expectClose } from '../testing/compare.ts';
import { chain } from '../graph/starterNetwork.ts';
import { featuresRole, massRole } from '../testing/documents.ts';
import { featureRole, openTestSession, preparedOf, testConfig, trainSteps } from '../testing/sessions.ts';
import { engineTolerances } from '../testing/tolerances.ts';
import { wave } from '../testing/torchFixture.ts';
import { openSession, readCheckpointSlots } from '../train/session.ts';

const rows = 8;
const values = Float32Array.from(wave(rows * 5, 0));
const data = preparedOf([featureRole(featuresRole, values)], featureRole(massRole, Float32Array.from(wave(rows, 1))), rows);
const document = chain('normalised', [
  ['input', { role: 'features' }],
  ['batchNorm', { momentum: 0.25 }],
  ['dense', { units: 1 }],
  ['output', { role: 'mass' }],
]);
const config = { ...testConfig, task: { type: 'regression' }, loss: defaultLoss('regression'), batchSize: 4 } as const;
const batches = [Int32Array.of(0, 1, 2, 3), Int32Array.of(4, 5, 6, 7), Int32Array.of(0, 2, 4, 6)];

/** Of the input itself, which is what the layer sees. */
function runningStatistics(): { mean: number[]; variance: number[] } {
  const [mean, variance] = [new Array<number>(5).fill(0), new Array<number>(5).fill(1)];
  for (const batch of batches) {
    for (let f = 0; f < 5; f++) {
      const column = [...batch].map((row) => values[5 * row + f] ?? NaN);
      const average = column.reduce((sum, x) => sum + x, 0) / 4;
      mean[f] = 0.75 * (mean[f] ?? NaN) + 0.25 * average;
      variance[f] = 0.75 * (variance[f] ?? NaN) + (0.25 * column.reduce((sum, x) => sum + (x - average) ** 2, 0)) / 3;
    }
  }
  return { mean, variance };
}

it.each(enginesUnderTest.map((create) => ({ label: create().info.label, create })))('$label keeps them', async ({ create }) => {
  const engine = create();
  const lowered = await openTestSession(engine, document, data, config);
  expect(lowered.slots.filter(({ kind }) => kind === 'statistic').map(({ name }) => name)).toEqual([
    'n2/runningMean',
    'n2/runningVariance',
  ]);
  // Weight, bias and a Dense of 5 + 1: what is not trained is not counted.
  expect(lowered.parameterCount).toBe(16);
  await trainSteps(engine, lowered, batches, 0.01);
  const expected = runningStatistics();
  const tolerance = engineTolerances[engine.info.kind];
  expectClose(await engine.read('n2/runningMean'), expected.mean, tolerance, { what: 'running mean' });
  expectClose(await engine.read('n2/runningVariance'), expected.variance, tolerance, { what: 'running variance' });
  await engine.dispose();
});

it('evaluating uses and keeps them; checkpoints hold them', async () => {
  const engine = createReferenceEngine({ precision: 'f64' });
  const lowered = await openTestSession(engine, document, data, config);
  await trainSteps(engine, lowered, batches, 0.01);
  const before = await engine.read('n2/runningMean');
  const slots = await readCheckpointSlots(engine, lowered);
  expect(Object.keys(slots)).toContain('n2/runningVariance');
  const predict = async (other: Engine, time = 0): Promise<Float64Array> => {
    await other.run('predict', { steps: 1, firstStep: 0, rows: data.parts.train });
    return Float64Array.from(await other.read(lowered.predictionsRing.slot, time * rows, rows));
  };
  const predictions = await predict(engine);
  expect(await engine.read('n2/runningMean')).toEqual(before);

  const resumed = createReferenceEngine();
  const counters = { step: 3, epoch: 0, elapsedMs: 0, numerics: 'reference', learningRate: 0.01 };
  await openSession({ config, document, data, engine: resumed }, { ...counters, slots });
  expectClose(await predict(resumed), predictions, engineTolerances.reference, { what: 'predictions' });
  // Other running statistics, other predictions.
  await resumed.write('n2/runningMean', new Float32Array(5));
  expect((await predict(resumed, 1))[0]).not.toBeCloseTo(predictions[0] ?? NaN, 3);
});

it('a batch of one row is normalised as in evaluating and leaves them as they are', async () => {
  const engine = createReferenceEngine({ precision: 'f64' });
  const lowered = await openTestSession(engine, document, data, { ...config, batchSize: 1 });
  await trainSteps(engine, lowered, [Int32Array.of(3)], 0.01);
  expect([...(await engine.read('n2/runningMean'))]).toEqual([0, 0, 0, 0, 0]);
  expect([...(await engine.read('n2/weight'))].every(Number.isFinite)).toBe(true);
});
