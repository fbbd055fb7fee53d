import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createReferenceEngine } from '../engines/reference/referenceEngine.ts';
import type { ParamValues } from '../graph/document.ts';
import { parseDocumentText } from '../graph/parseDocument.ts';
import { chain } from '../graph/starterNetwork.ts';
import { isShapeProblem } from '../layers/defineLayer.ts';
import { layers, resolveParams } from '../layers/index.ts';
import { scoreFromSums, targetDeviation } from '../metrics/index.ts';
import { ProblemError } from '../problem.ts';
import { readShape } from '../testing/checkLayer.ts';
import { enginesUnderTest } from '../testing/checkOp.ts';
import { expectClose } from '../testing/compare.ts';
import { draw, featuresRole, imageRole, labelRole, massRole } from '../testing/documents.ts';
import { classRole, featureRole, openTestSession, preparedOf, testConfig, trainSteps } from '../testing/sessions.ts';
import { lossPathTolerances, pathTolerance } from '../testing/tolerances.ts';
import { generator, readFixture, wave } from '../testing/torchFixture.ts';
import { defaultLossConfig } from '../losses/index.ts';
import { defaultOptimizer } from '../optimizers/index.ts';
import type { OptimizerConfig, RunConfig } from '../train/runConfig.ts';
import { initialiseParameters } from './initialise.ts';
import { lowerSession } from './lowerSession.ts';

describe('the MLP 784-128-64-10', () => {
  const { runs } = readFixture<{ runs: Record<string, { config: RunConfig['optimizer']; f32: number[]; f64: number[] }> }>(
    '../program/fixtures/mlpTorch.json',
  );
  const document = parseDocumentText(readFileSync(new URL('../../resources/samples/networks/mlp.json', import.meta.url), 'utf8'));
  const next = generator(1);
  const images = Uint8Array.from({ length: 128 * 784 }, () => next() >>> 24);
  const labels = Int32Array.from({ length: 128 }, () => (next() >>> 24) % 10);
  const data = preparedOf(
    [{ role: imageRole, dtype: 'u8', rowShape: [1, 28, 28], values: images, affine: { multiply: 1 / 255, add: 0 } }],
    classRole(labelRole, labels),
    128,
  );

  it('has 109,386 parameters, drawn from the seed', () => {
    const lowered = lowerSession({ document, config: testConfig, data });
    expect(lowered.parameterCount).toBe(109_386);
    const weights = initialiseParameters(lowered, 7);
    expect(weights).toEqual(initialiseParameters(lowered, 7));
    const first = weights.get('n3/weight') ?? new Float32Array();
    expect(Math.max(...first)).toBeLessThanOrEqual(1 / 28);
    expect(Math.max(...first)).toBeGreaterThan(0.99 / 28);
    expect(Math.min(...first)).toBeLessThan(-0.99 / 28);
    expect(first).not.toEqual(initialiseParameters(lowered, 8).get('n3/weight'));
  });

  const engines = [
    { label: 'reference in float64', precision: 'f64' as const, create: () => createReferenceEngine({ precision: 'f64' }) },
    ...enginesUnderTest.map((create) => ({ label: create().info.label, precision: 'f32' as const, create })),
  ];
  it.each(Object.keys(runs).flatMap((name) => engines.map((engine) => ({ name, ...engine }))))(
    "first ten losses with $name equal PyTorch's: $label",
    async ({ name, precision, create }) => {
      const run = runs[name];
      if (run === undefined) throw new Error(name);
      const config = {
        ...testConfig,
        optimizer: { ...defaultOptimizer(run.config.type), ...run.config } as OptimizerConfig,
        batchSize: 64,
      };
      const draws = generator(2);
      const weights = new Map(
        lowerSession({ document, config, data }).parameters.map(({ slot, spec }, i, all) => {
          const inputs = (spec.name === 'weight' ? spec : all[i - 1]?.spec)?.shape[1] ?? 1;
          const count = spec.shape.reduce((product, size) => product * size, 1);
          return [slot, Float32Array.from({ length: count }, () => (draws() / 2 ** 31 - 1) / Math.sqrt(inputs))];
        }),
      );
      const engine = create();
      const lowered = await openTestSession(engine, document, data, config, weights);
      const batches = Array.from({ length: 10 }, (_, step) => data.parts.train.slice((step % 2) * 64, (step % 2) * 64 + 64));
      const losses = await trainSteps(engine, lowered, batches, run.config.learningRate);
      const tolerance = lossPathTolerances[precision === 'f64' ? 'f64' : pathTolerance(engine.info.kind)];
      expectClose(losses, run[precision], tolerance, { what: `${name} losses` });
      await engine.dispose();
    },
  );
});

describe('lowerSession', () => {
  const rows = 20;
  const features = featureRole(featuresRole, Float32Array.from(wave(rows * 5, 3)));
  const classes = { ...labelRole, shape: [...labelRole.shape.slice(0, 1), { name: 'F' as const, size: 3 }], classNames: ['a', 'b', 'c'] };
  const codes = Int32Array.from({ length: rows }, (_, i) => i % 3);
  const data = preparedOf([features], classRole(classes, codes), rows, 4);
  const bound = { in: { role: 'features' }, out: { role: 'label' }, d: { units: 3 } };
  const plain = draw('in:input d:dense out:output', 'in>d d>out', bound);

  async function losses(document: typeof plain, prepared = data): Promise<number[]> {
    const engine = createReferenceEngine({ precision: 'f64' });
    const lowered = await openTestSession(engine, document, prepared);
    return trainSteps(
      engine,
      lowered,
      Array.from({ length: 20 }, () => prepared.parts.train.slice(0, 8)),
      0.01,
    );
  }

  it('names slots by node and weight and sizes its programs', () => {
    const lowered = lowerSession({ document: plain, config: { ...testConfig, batchSize: 6 }, data });
    expect(lowered.slots.map(({ name }) => name)).toEqual([
      'd/weight',
      'd/weight/mean',
      'd/weight/square',
      'd/bias',
      'd/bias/mean',
      'd/bias/square',
      'data/input/features',
      'data/target/label',
      'train/statistics',
      'evaluate/statistics',
      'predictions',
    ]);
    expect(Object.fromEntries(Object.entries(lowered.programs).map(([name, program]) => [name, program.batchSize]))).toEqual({
      train: 6,
      trainTail: 4,
      evaluate: 16,
      evaluateTail: 1,
      predict: 16,
    });
    expect(lowerSession({ document: plain, config: { ...testConfig, batchSize: 100 }, data }).programs.train.batchSize).toBe(16);
    expect(lowerSession({ document: plain, config: testConfig, data }).programs.trainTail).toBeUndefined();
  });

  it('applies a softmax before Output once, in the layer and in Dense', async () => {
    const expected = await losses(plain);
    for (const type of ['softmax', 'logSoftmax']) {
      expect(await losses(draw(`in:input d:dense s:${type} out:output`, 'in>d d>s s>out', bound))).toEqual(expected);
      expect(await losses(draw('in:input d:dense out:output', 'in>d d>out', { ...bound, d: { units: 3, activation: type } }))).toEqual(
        expected,
      );
    }
    expect(expected[19]).toBeLessThan(expected[0] ?? 0);
  });

  it('predicts probabilities all the same', async () => {
    const document = draw('in:input d:dense s:softmax out:output', 'in>d d>s s>out', bound);
    const engine = createReferenceEngine({ precision: 'f64' });
    const lowered = await openTestSession(engine, document, data);
    await engine.run('predict', { steps: 1, firstStep: 0, rows: data.parts.train });
    const probabilities = await engine.read('predictions', 0, 16 * 3);
    for (let row = 0; row < 16; row++) {
      expect((probabilities[3 * row] ?? 0) + (probabilities[3 * row + 1] ?? 0) + (probabilities[3 * row + 2] ?? 0)).toBeCloseTo(1, 12);
    }
    expect(lowered.predictionsRing).toMatchObject({ slot: 'predictions', units: 3 });
  });

  it('evaluates without dropout and in tails of one row', async () => {
    const document = draw('in:input drop:dropout d:dense out:output', 'in>drop drop>d d>out', { ...bound, drop: { probability: 0.9 } });
    const [engine, other] = [createReferenceEngine({ precision: 'f64' }), createReferenceEngine({ precision: 'f64' })];
    const { evaluateRing } = await openTestSession(engine, document, data);
    await openTestSession(other, plain, data);
    await engine.run('evaluate', { steps: 1, firstStep: 0, rows: data.parts.train });
    await other.run('evaluateTail', { steps: 16, firstStep: 0, rows: data.parts.train });
    const [loss = 0, correct] = await engine.read(evaluateRing.slot, 0, 2);
    const single = await other.read(evaluateRing.slot, 0, 32);
    let sum = 0,
      count = 0;
    for (let i = 0; i < 16; i++) {
      sum += single[2 * i] ?? 0;
      count += single[2 * i + 1] ?? 0;
    }
    expect(loss).toBeCloseTo(sum, 10);
    expect(correct).toBe(count);
  });

  it('follows branches: Add and Concat', async () => {
    const document = draw(
      'in:input a:dense b:dense sum:add both:concat d:dense out:output',
      'in>a in>b a>sum b>sum sum>both in>both both>d d>out',
      { ...bound, a: { units: 4, activation: 'tanh' }, b: { units: 4 } },
    );
    const path = await losses(document);
    expect(path[19]).toBeLessThan(path[0] ?? 0);
  });

  it('trains every layer of features in one network', async () => {
    const other = ['input', 'output', 'structure', 'convolution', 'recurrent', 'attention'];
    const features = { inputs: [readShape('F8')], inputNames: ['x'] };
    const fitting = layers.filter(
      (layer) =>
        layer.inputCount.min === 1 &&
        !isShapeProblem(layer.inferShape({ params: resolveParams(layer, {}), name: layer.type, ...features })),
    );
    const between = fitting.filter(({ family, type }) => type === 'flatten' || !other.includes(family)).map(({ type }) => type);
    const document = chain('all', [
      ['input', { role: 'features' }],
      ...between.flatMap((type): [string, ParamValues][] => [
        [type, type === 'dense' ? { units: 8 } : {}],
        ['dense', { units: 8 }],
      ]),
      ['dense', { units: 3 }],
      ['output', { role: 'label' }],
    ]);
    const path = await losses(document);
    expect(path.every(Number.isFinite)).toBe(true);
    expect(path[19]).toBeLessThan(path[0] ?? 0);
  });

  it('trains convolutions and pooling', async () => {
    const role = { ...imageRole, shape: readShape('C1 H8 W9') };
    const values = Uint8Array.from(wave(rows * 72, 5), (value) => 64 * (value + 1.8));
    const images = { role, dtype: 'u8' as const, rowShape: [1, 8, 9], values, affine: { multiply: 1 / 255, add: 0 } };
    const document = chain('images', [
      ['input', { role: 'image' }],
      ['conv2d', { filters: 4, padding: 'same', activation: 'relu' }],
      ['maxPool2d', {}],
      ['conv2d', { filters: 6, groups: 2, stride: 2, padding: 1 }],
      ['avgPool2d', { kernel: 2, stride: 1 }],
      ['globalAvgPool2d', {}],
      ['dense', { units: 3 }],
      ['output', { role: 'label' }],
    ]);
    const path = await losses(document, preparedOf([images], classRole(classes, codes), rows, 4));
    expect(path[19]).toBeLessThan(path[0] ?? 0);
  });

  it('refuses what cannot be trained with the first problem', () => {
    const lower = (): unknown =>
      lowerSession({
        document: draw('in:input d:dense out:output', 'in>d d>out', { ...bound, d: { units: 5 } }),
        config: testConfig,
        data,
      });
    expect(lower).toThrow(ProblemError);
    expect(lower).toThrow('out expects 3 units because "label" has 3 classes, got 5 from d.');
  });

  it('gives scalars that depend on the step alone', () => {
    const { fillScalars } = lowerSession({ document: plain, config: testConfig, data });
    const all = fillScalars(0, 5, 0.01);
    expect(fillScalars(3, 2, 0.01)).toEqual(all.slice(6));
  });
});

describe('a regression', () => {
  const rows = 12;
  const values = Float32Array.from(wave(rows, 8));
  const target = { role: massRole, dtype: 'f32' as const, rowShape: [1], values };
  const data = preparedOf([featureRole(featuresRole, Float32Array.from(wave(rows * 5, 2)))], target, rows);
  const document = draw('in:input d:dense out:output', 'in>d d>out', { in: { role: 'features' }, out: { role: 'mass' }, d: { units: 1 } });

  it.each(['mse', 'mae', 'huber'] as const)('learns with %s and scores in own units', async (loss) => {
    const engine = createReferenceEngine({ precision: 'f64' });
    const lowered = await openTestSession(engine, document, data, {
      ...testConfig,
      task: { type: 'regression' },
      loss: defaultLossConfig(loss),
      batchSize: rows,
    });
    const path = await trainSteps(
      engine,
      lowered,
      Array.from({ length: 30 }, () => data.parts.train),
      0.02,
    );
    expect(path[29]).toBeLessThan(path[0] ?? 0);

    await engine.run('evaluate', { steps: 1, firstStep: 0, rows: data.parts.train });
    await engine.run('predict', { steps: 1, firstStep: 0, rows: data.parts.train });
    const predictions = await engine.read('predictions', 0, rows);
    const errors = Array.from(values, (value, i) => (predictions[i] ?? 0) - value);
    const { slot, names } = lowered.evaluateRing;
    const score = scoreFromSums('numbers', names, await engine.read(slot, 0, names.length), rows, {
      targetScale: { shift: 4000, scale: 800, unit: 'g' },
      targetDeviation: targetDeviation(target, data.parts.train),
    });
    const mean = values.reduce((sum, value) => sum + value, 0) / rows;
    const squares = errors.reduce((sum, error) => sum + error ** 2, 0);
    expect(score.rmse).toBeCloseTo(800 * Math.sqrt(squares / rows), 6);
    expect(score.mae).toBeCloseTo((800 * errors.reduce((sum, error) => sum + Math.abs(error), 0)) / rows, 6);
    expect(score.r2).toBeCloseTo(1 - squares / values.reduce((sum, value) => sum + (value - mean) ** 2, 0), 10);
    if (loss === 'mse') expect(score.loss).toBeCloseTo(squares / rows, 10);
  });
});
