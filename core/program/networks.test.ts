/** Whole networks against PyTorch: ten training losses each, on every engine; and what the samples promise. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { PreparedData } from '../data/prepared.ts';
import { createReferenceEngine } from '../engines/reference/referenceEngine.ts';
import type { NetworkDocument } from '../graph/document.ts';
import { inferShapes } from '../graph/inferShapes.ts';
import { parseDocumentText } from '../graph/parseDocument.ts';
import { elementCount } from '../ops/shapes.ts';
import { enginesUnderTest } from '../testing/checkOp.ts';
import { defaultOptimizer } from '../optimizers/index.ts';
import { expectClose } from '../testing/compare.ts';
import { imageRole, imageRoles, labelRole } from '../testing/documents.ts';
import { gptNetwork, lstmNetwork, sequenceData } from '../testing/sequences.ts';
import { classRole, openTestSession, preparedOf, testConfig, trainSteps } from '../testing/sessions.ts';
import { lossPathTolerances, pathTolerance } from '../testing/tolerances.ts';
import { generator, readFixture } from '../testing/torchFixture.ts';
import type { RunConfig } from '../train/runConfig.ts';
import type { ParameterSlot } from './lowerNetwork.ts';
import { lowerSession } from './lowerSession.ts';

interface Run {
  readonly sizes: Readonly<Record<string, number>>;
  readonly batch: number;
  readonly config: RunConfig['optimizer'];
  readonly f32: readonly number[];
  readonly f64: readonly number[];
}

const { runs } = readFixture<{ runs: Readonly<Record<string, Run>> }>('../program/fixtures/networksTorch.json');

function sample(name: string): NetworkDocument {
  return parseDocumentText(readFileSync(new URL(`../../resources/samples/networks/${name}.json`, import.meta.url), 'utf8'));
}

function images(rows: number): PreparedData {
  const next = generator(1);
  const values = Uint8Array.from({ length: rows * 784 }, () => next() >>> 24);
  const labels = Int32Array.from({ length: rows }, () => (next() >>> 24) % 10);
  const image = { role: imageRole, dtype: 'u8', rowShape: [1, 28, 28], values, affine: { multiply: 1 / 255, add: 0 } } as const;
  return preparedOf([image], classRole(labelRole, labels), rows);
}

function sequences(sizes: { readonly vocabulary: number; readonly steps: number }, rows: number): PreparedData {
  const next = generator(1);
  return sequenceData(
    sizes,
    Int32Array.from({ length: rows * (sizes.steps + 1) }, () => (next() >>> 24) % sizes.vocabulary),
  );
}

function caseOf(name: string, { sizes, batch }: Run): { document: NetworkDocument; data: PreparedData } {
  if (name === 'lenet5') return { document: sample(name), data: images(2 * batch) };
  const { vocabulary = 0, steps = 0, features = 0, units = 0, heads = 0, blocks = 0 } = sizes;
  const document =
    name === 'lstm' ? lstmNetwork({ vocabulary, steps, features, units }) : gptNetwork({ vocabulary, steps, features, heads, blocks });
  return { document, data: sequences({ vocabulary, steps }, 2 * batch) };
}

/** As scripts/fixtures/networks.py draws them. */
function drawWeights(parameters: readonly ParameterSlot[]): Map<string, Float32Array> {
  const draw = generator(2);
  return new Map(
    parameters.map(({ slot, spec }) => {
      const scale = spec.shape.length === 1 ? 0.1 : 1 / Math.sqrt(elementCount(spec.shape.slice(1)));
      const around = spec.initialiser.kind === 'ones' ? 1 : 0;
      return [slot, Float32Array.from({ length: elementCount(spec.shape) }, () => around + (draw() / 2 ** 31 - 1) * scale)];
    }),
  );
}

const engines = [
  { label: 'reference in float64', precision: 'f64' as const, create: () => createReferenceEngine({ precision: 'f64' }) },
  ...enginesUnderTest.map((create) => ({ label: create().info.label, precision: 'f32' as const, create })),
];

describe.each(Object.keys(runs))("first ten losses of %s equal PyTorch's", (name) => {
  it.each(engines)('$label', async ({ precision, create }) => {
    const run = runs[name];
    if (run === undefined) throw new Error(name);
    const { document, data } = caseOf(name, run);
    const config = {
      ...testConfig,
      optimizer: { ...defaultOptimizer(run.config.type), ...run.config } as RunConfig['optimizer'],
      batchSize: run.batch,
    };
    const engine = create();
    const weights = drawWeights(lowerSession({ document, config, data }).parameters);
    const lowered = await openTestSession(engine, document, data, config, weights);
    const batches = Array.from({ length: 10 }, (_, step) => data.parts.train.slice((step % 2) * run.batch, ((step % 2) + 1) * run.batch));
    const losses = await trainSteps(engine, lowered, batches, run.config.learningRate);
    const tolerance = lossPathTolerances[precision === 'f64' ? 'f64' : pathTolerance(engine.info.kind)];
    expectClose(losses, run[precision], tolerance, { what: `${name} losses` });
    await engine.dispose();
  });
});

describe('samples', () => {
  it.each([
    ['lenet5', 61_706],
    ['cnn', 458_570],
  ])('%s has %d parameters and no problem', (name, parameters) => {
    const shapes = inferShapes(sample(name), imageRoles);
    expect(shapes.problems).toEqual([]);
    expect(shapes.parameters).toBe(parameters);
  });

  it('LeNet-5 reads like the paper', () => {
    const document = sample('lenet5');
    const { nodes } = inferShapes(document, imageRoles);
    expect(document.nodes.map(({ id }) => nodes.get(id)?.summary)).toEqual([
      '1 × 28 × 28, scaled 0–1',
      '6 @ 5×5 · pad 2 · ReLU',
      '2×2',
      '16 @ 5×5 · ReLU',
      '2×2',
      '400 features',
      '120 units · ReLU',
      '84 units · ReLU',
      '10 units',
      '10 classes · cross-entropy',
    ]);
  });
});

it('scores and predicts every step of a sequence', async () => {
  const sizes = { vocabulary: 5, steps: 3 };
  const data = sequences(sizes, 6);
  const engine = createReferenceEngine({ precision: 'f64' });
  const lowered = await openTestSession(engine, lstmNetwork({ ...sizes, features: 4, units: 3 }), data);
  await engine.run('predict', { steps: 1, firstStep: 0, rows: data.parts.train });
  await engine.run('evaluate', { steps: 1, firstStep: 0, rows: data.parts.train });
  expect(lowered.predictionsRing.units).toBe(15);
  const probabilities = await engine.read('predictions', 0, 6 * 15);
  const targets = data.target.values;
  let [loss, correct] = [0, 0];
  for (let i = 0; i < 18; i++) {
    const row = [...probabilities.subarray(5 * i, 5 * i + 5)];
    expect(row.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
    loss -= Math.log(row[targets[i] ?? 0] ?? 0) / 3;
    correct += (row.indexOf(Math.max(...row)) === targets[i] ? 1 : 0) / 3;
  }
  const sums = await engine.read(lowered.evaluateRing.slot, 0, 2);
  expect(sums[0]).toBeCloseTo(loss, 10);
  expect(sums[1]).toBeCloseTo(correct, 10);
});
