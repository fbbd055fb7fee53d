import { describe, expect, it } from 'vitest';
import { createBuilder } from '../program/builder.ts';
import { gradients } from '../program/gradient.ts';
import type { TensorType } from '../program/program.ts';
import { createReferenceEngine } from '../engines/reference/referenceEngine.ts';
import { checkOp, enginesUnderTest, runProgram } from '../testing/checkOp.ts';
import { expectClose } from '../testing/compare.ts';
import { engineTolerances, torchTolerance, type Tolerance } from '../testing/tolerances.ts';
import { readFixture } from '../testing/torchFixture.ts';
import { parseClassWeights } from './classWeights.ts';
import { cosineDistance } from './cosineEmbedding.ts';
import { defaultLossConfig, lossesFor, lossNames, lossOf, type LossConfig } from './index.ts';

interface LossFixture {
  loss: LossConfig;
  shape: number[];
  prediction: number[];
  target: number[];
  value: number;
  gradient: number[];
}

interface Pairs {
  left: number[];
  right: number[];
  sign: number[];
  margin: number;
  distance: number[];
}

const { cases, pairs } = readFixture<{ cases: Record<string, LossFixture>; pairs: Pairs }>('../losses/fixtures/torch.json');

it('has a fixture of every loss', () => {
  expect(new Set(Object.values(cases).map(({ loss }) => loss.type))).toEqual(new Set(lossNames));
});

it.each(Object.entries(cases))('%s equals PyTorch', async (name, { loss: given, shape, prediction, target, value, gradient }) => {
  const config: LossConfig = { ...defaultLossConfig(given.type), ...given };
  const loss = lossOf(config);
  // Fewer targets than predictions are class codes.
  const isCodes = loss.answers.includes('classes') && target.length < prediction.length;
  const b = createBuilder({ name: 'loss', batchSize: 0 });
  const targetType: TensorType = isCodes ? { shape: shape.slice(0, -1), dtype: 'i32' } : { shape, dtype: 'f32' };
  const types = {
    prediction: { shape, dtype: 'f32' },
    target: targetType,
    value: { shape: [], dtype: 'f32' },
    gradient: { shape, dtype: 'f32' },
  } as const;
  const slots = Object.entries(types).map(([slot, type]) => ({ name: slot, kind: 'carry' as const, type }));
  const x = b.slot('prediction', types.prediction);
  const sample = loss.perSample({ b, params: config, prediction: x, target: b.slot('target', types.target) });
  expect(sample.weight !== undefined).toBe(loss.weighs?.(config) === true);
  const mean = b.divide(b.sum(sample.loss, [0]), sample.weight === undefined ? (shape[0] ?? 1) : b.sum(sample.weight, [0]));
  b.assign('value', mean);
  b.assign('gradient', gradients(b, mean, [x])[0] ?? x);
  const program = b.build();
  const run = async (engine: ReturnType<typeof createReferenceEngine>, tolerance: Tolerance): Promise<void> => {
    const data = new Map([
      ['prediction', Float64Array.from(prediction)],
      ['target', isCodes ? Int32Array.from(target) : Float64Array.from(target)],
    ]);
    const results = await runProgram({ engine, program, slots, data });
    expectClose(results.get('value') ?? [], [value], tolerance, { what: `${name}: value` });
    expectClose(results.get('gradient') ?? [], gradient, tolerance, { what: `${name}: gradient` });
    await engine.dispose();
  };
  await run(createReferenceEngine({ precision: 'f64' }), torchTolerance);
  for (const create of enginesUnderTest) {
    const engine = create();
    await run(engine, engineTolerances[engine.info.kind]);
  }
});

it('pairs that belong together and others cost as in PyTorch', async () => {
  const numbers = (values: readonly number[]): number[] => [...values];
  const { output } = await checkOp({
    inputs: {
      left: { shape: [6, 5], values: numbers(pairs.left).map(Math.fround) },
      right: { shape: [6, 5], values: numbers(pairs.right).map(Math.fround) },
    },
    build: (b, { left, right }) => {
      const sign = b.concat(
        pairs.sign.map((value) => b.constant(value, [1])),
        0,
      );
      return cosineDistance(b, left, right, sign, pairs.margin);
    },
  });
  // The inputs are rounded to f32.
  expectClose(output, pairs.distance, engineTolerances.reference, { what: 'distance' });
});

describe.each(lossNames)('%s', (type) => {
  const config = defaultLossConfig(type);
  const loss = lossOf(config);

  it('has the gradient of its value', async () => {
    const isClasses = loss.answers.includes('classes');
    await checkOp({
      inputs: isClasses
        ? { prediction: { shape: [4, 3] }, target: { shape: [4], dtype: 'i32', values: [2, 0, 1, 2] } }
        : { prediction: { shape: [4, 1], range: [1, 1.8] }, target: { shape: [4, 1], range: [-2.9, 0.7] } },
      build: (b, { prediction, target }) => loss.perSample({ b, params: config, prediction, target }).loss,
      engines: [],
    });
  });

  it('names its source', () => expect(loss.source).toMatch(/\d{4}/));
});

it('cross-entropy costs ln k for a guess, and as much per step of a sequence', async () => {
  const config = defaultLossConfig('crossEntropy');
  const { perSample } = lossOf(config);
  await checkOp({
    inputs: { prediction: { shape: [1, 3], values: [7, 7, 7] }, target: { shape: [1], dtype: 'i32', values: [1] } },
    build: (b, { prediction, target }) => perSample({ b, params: config, prediction, target }).loss,
    expected: [Math.log(3)],
  });
});

it('offers each task its losses', () => {
  expect(lossesFor('classes')).toEqual(['crossEntropy', 'focal', 'binaryCrossEntropy', 'klDivergence', 'hinge', 'cosineEmbedding']);
  expect(lossesFor('numbers')).toEqual(['mse', 'mae', 'huber', 'smoothL1']);
});

describe('class weights', () => {
  it.each([
    ['none', undefined],
    ['', undefined],
    ['balanced', [5 / 3, 5 / 12, 10 / 3]],
    ['1, 2.5 0', [1, 2.5, 0]],
  ])('%j', (text, weights) => {
    const parsed = parseClassWeights(text, 3, [2, 8, 0]);
    if (weights === undefined) expect(parsed).toBeUndefined();
    else weights.forEach((weight, c) => expect(parsed?.[c]).toBeCloseTo(weight, 12));
  });

  it.each(['1, 2', '1, x, 2', '-1, 1, 1', '0 0 0'])('refuses %j', (text) => {
    expect(() => parseClassWeights(text, 3)).toThrow(`expected none, balanced, or 3 numbers of at least 0, got "${text}".`);
  });

  it('stays with classes, not vocabularies', () => {
    expect(() => parseClassWeights('balanced', 5000, [])).toThrow('up to 1000 classes, got 5000');
  });
});
