/** Whole networks against PyTorch: ten training losses each, on every engine; and what the samples promise. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { PreparedData } from '../data/prepared.ts';
import { createReferenceEngine } from '../engines/reference/referenceEngine.ts';
import type { NetworkDocument } from '../graph/document.ts';
import { inferShapes } from '../graph/inferShapes.ts';
import { parseDocumentText } from '../graph/parseDocument.ts';
import { chain } from '../graph/starterNetwork.ts';
import { elementCount } from '../ops/shapes.ts';
import { enginesUnderTest } from '../testing/checkOp.ts';
import { defaultOptimizer } from '../optimizers/index.ts';
import { expectClose } from '../testing/compare.ts';
import { draw, imageRole, imageRoles, labelRole } from '../testing/documents.ts';
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

/** Two residual blocks with batch norm, the second with a strided shortcut. */
function resNet(): NetworkDocument {
  const conv = (filters: number, kernel: number, stride: number) => ({ filters, kernel, stride, padding: (kernel - 1) / 2, bias: false });
  const nodes =
    'in:input c1:conv2d n1:batchNorm r1:relu c2:conv2d n2:batchNorm r2:relu c3:conv2d n3:batchNorm a1:add r3:relu ' +
    's:conv2d sn:batchNorm c4:conv2d n4:batchNorm r4:relu c5:conv2d n5:batchNorm a2:add r5:relu pool:globalAvgPool2d d:dense out:output';
  const edges =
    'in>c1 c1>n1 n1>r1 r1>c2 c2>n2 n2>r2 r2>c3 c3>n3 r1>a1 n3>a1 a1>r3 ' +
    'r3>s s>sn r3>c4 c4>n4 n4>r4 r4>c5 c5>n5 sn>a2 n5>a2 a2>r5 r5>pool pool>d d>out';
  return draw(nodes, edges, {
    in: { role: 'image' },
    c1: conv(8, 3, 2),
    c2: conv(8, 3, 1),
    c3: conv(8, 3, 1),
    s: conv(12, 1, 2),
    c4: conv(12, 3, 2),
    c5: conv(12, 3, 1),
    d: { units: 10 },
    out: { role: 'label' },
  });
}

/** Two layers in both directions. */
function stackedGru(sizes: { readonly vocabulary: number; readonly features: number; readonly units: number }): NetworkDocument {
  return chain('gru', [
    ['input', { role: 'tokens' }],
    ['embedding', { vocabulary: sizes.vocabulary, features: sizes.features }],
    ['gru', { units: sizes.units, layers: 2, bidirectional: true, returns: 'sequence' }],
    ['dense', { units: sizes.vocabulary }],
    ['output', { role: 'next' }],
  ]);
}

/** An encoder of all steps, post-norm; a decoder of the same tokens, causal and pre-norm, that looks at it. */
function transformer(sizes: { readonly vocabulary: number; readonly features: number; readonly heads: number }): NetworkDocument {
  const { vocabulary, features, heads } = sizes;
  const nodes = 'in:input e:embedding p:sinusoidalEmbedding enc:transformerEncoder dec:transformerDecoder d:dense out:output';
  return draw(nodes, 'in>e e>p p>enc p>dec enc>dec dec>d d>out', {
    in: { role: 'tokens' },
    e: { vocabulary, features },
    enc: { heads, activation: 'gelu', dropout: 0 },
    dec: { heads, hidden: 2 * features, norm: 'pre', dropout: 0 },
    d: { units: vocabulary },
    out: { role: 'next' },
  });
}

function caseOf(name: string, { sizes, batch }: Run): { document: NetworkDocument; data: PreparedData } {
  if (name === 'resnet') return { document: resNet(), data: images(2 * batch) };
  if (name === 'lenet5') return { document: sample(name), data: images(2 * batch) };
  const { vocabulary = 0, steps = 0, features = 0, units = 0, heads = 0, blocks = 0 } = sizes;
  const documents: Readonly<Record<string, () => NetworkDocument>> = {
    lstm: () => lstmNetwork({ vocabulary, steps, features, units }),
    gru: () => stackedGru({ vocabulary, features, units }),
    transformer: () => transformer({ vocabulary, features, heads }),
    gpt: () => gptNetwork({ vocabulary, steps, features, heads, blocks }),
  };
  const document = documents[name]?.();
  if (document === undefined) throw new Error(name);
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
