import { describe, expect, it } from 'vitest';
import type { ParamValues } from '../graph/document.ts';
import { inferShapes } from '../graph/inferShapes.ts';
import { concreteShape } from '../graph/shape.ts';
import { chain } from '../graph/starterNetwork.ts';
import { checkLayer, readShape, type LayerCheck } from '../testing/checkLayer.ts';
import { createReferenceEngine } from '../engines/reference/referenceEngine.ts';
import { elementCount } from '../ops/shapes.ts';
import { createBuilder, type Builder, type Value } from '../program/builder.ts';
import { gradients } from '../program/gradient.ts';
import type { TensorType } from '../program/program.ts';
import { runLeaves, runProgram } from '../testing/checkOp.ts';
import { expectClose } from '../testing/compare.ts';
import { torchTolerance } from '../testing/tolerances.ts';
import { wave } from '../testing/torchFixture.ts';
import latentFixture from './fixtures/latentTorch.json' with { type: 'json' };
import { findLayer, resolveParams } from './index.ts';

const checks: readonly LayerCheck[] = [
  { type: 'dropout', params: { probability: 0.3 }, inputs: ['F4'], shape: 'B × 4', fixtures: ['dropout when evaluating'] },
  { type: 'dropout', params: { probability: 0.3 }, inputs: ['C2 H2 W2'], shape: 'B × 2 × 2 × 2', mode: 'train' },
  { type: 'spatialDropout', inputs: ['C3 H2 W2'], shape: 'B × 3 × 2 × 2', mode: 'train' },
  { type: 'spatialDropout', inputs: ['T2 F3'], shape: 'B × 2 × 3', mode: 'train' },
  { type: 'spatialDropout', inputs: ['C2 H2 W2'], shape: 'B × 2 × 2 × 2', mode: 'evaluate' },
  { type: 'gaussianNoise', inputs: ['F4'], shape: 'B × 4', mode: 'train' },
  { type: 'gaussianNoise', inputs: ['F4'], shape: 'B × 4', mode: 'evaluate' },
  { type: 'gaussianLatent', inputs: ['F4', 'F4'], shape: 'B × 4', mode: 'train' },
  { type: 'gaussianLatent', inputs: ['F4', 'F4'], shape: 'B × 4', mode: 'evaluate' },
  { type: 'stochasticDepth', inputs: ['T2 F3'], shape: 'B × 2 × 3', mode: 'train' },
  { type: 'stochasticDepth', params: { mode: 'batch' }, inputs: ['F3'], shape: 'B × 3', mode: 'train' },
  { type: 'stochasticDepth', inputs: ['F3'], shape: 'B × 3', mode: 'evaluate' },
];

it.each(checks)('$type of $inputs passes the battery: $mode', async (check) => {
  await checkLayer(check);
});

/** What a layer makes of a batch of threes, in training. */
async function trainOn(type: string, params: ParamValues, shape: string, batch: number, firstStep = 0): Promise<Float32Array> {
  const definition = findLayer(type);
  if (definition === undefined) throw new Error(type);
  const inputs = [readShape(shape)];
  const [values] = await runLeaves(
    (b) => {
      const x = b.constant(3, concreteShape(inputs[0] ?? [], batch));
      const context = { params: resolveParams(definition, params), inputs, inputNames: ['x'], name: 'd', weights: {} };
      return [definition.lower({ ...context, b, mode: 'train', values: [x] })];
    },
    { request: { firstStep } },
  );
  return values as Float32Array;
}

/** Values in stretches of `length`, each of which must be of one value; that value. */
function stretches(values: Float32Array, length: number): number[] {
  return Array.from({ length: values.length / length }, (_, i) => {
    const own = new Set(values.subarray(i * length, (i + 1) * length));
    expect(own.size).toBe(1);
    return [...own][0] ?? NaN;
  });
}

/** Four standard deviations of a share of 0.75 among `count`. */
const tolerance = (count: number) => 4 * Math.sqrt(0.1875 / count);

describe('drops the given share and keeps the mean', () => {
  const cases: readonly (readonly [string, ParamValues, string, number, number])[] = [
    ['dropout', {}, 'F10000', 1, 1],
    ['spatialDropout', {}, 'C2000 H2 W2', 2, 4],
    ['stochasticDepth', {}, 'C2 H2 W1', 4000, 4],
  ];
  it.each(cases)('%s', async (type, params, shape, batch, together) => {
    const run = (step: number) => trainOn(type, { ...params, probability: 0.25 }, shape, batch, step);
    const first = stretches(await run(0), together);
    const kept = first.filter((value) => value !== 0);
    expect(new Set(kept)).toEqual(new Set([4]));
    expect(Math.abs(kept.length / first.length - 0.75)).toBeLessThan(tolerance(first.length));
    expect(stretches(await run(1), together)).not.toEqual(first);
    expect(stretches(await run(0), together)).toEqual(first);
  });

  it('SpatialDropout of a sequence drops a feature at every step', async () => {
    const values = await trainOn('spatialDropout', { probability: 0.5 }, 'T3 F50', 1);
    expect(values.subarray(50, 100)).toEqual(values.subarray(0, 50));
    expect(new Set(values)).toEqual(new Set([0, 6]));
  });

  it('StochasticDepth of the whole batch drops all or nothing', async () => {
    const steps = await Promise.all(
      Array.from({ length: 40 }, (_, step) => trainOn('stochasticDepth', { mode: 'batch', probability: 0.5 }, 'F2', 5, step)),
    );
    const kept = steps.map((values) => stretches(values, 10)[0]);
    expect(new Set(kept)).toEqual(new Set([0, 6]));
  });
});

it('GaussianNoise has mean 0 and the given deviation', async () => {
  const noise = Float64Array.from(await trainOn('gaussianNoise', { deviation: 0.5 }, 'F10000', 1), (value) => value - 3);
  const mean = noise.reduce((sum, x) => sum + x, 0) / noise.length;
  const deviation = Math.sqrt(noise.reduce((sum, x) => sum + x * x, 0) / noise.length);
  expect(Math.abs(mean)).toBeLessThan(0.02);
  expect(Math.abs(deviation - 0.5)).toBeLessThan(0.015);
});

it('SpatialDropout offers Dropout for rows of features', () => {
  const document = chain('small', [
    ['input', { shape: '6' }],
    ['spatialDropout', {}],
  ]);
  expect(inferShapes(document, null).problems[0]).toMatchObject({
    hint: 'Drop single features with Dropout.',
    fixes: [{ kind: 'insertAfter', layer: 'dropout' }],
  });
});

describe('gaussianLatent', () => {
  it('adds the Kullback-Leibler divergence from the standard normal, weighted', async () => {
    const [mean, logVariance] = [0.5, Math.log(4)];
    const added = await runLeaves((b) => {
      const values = [b.constant(mean, [1, 3]), b.constant(logVariance, [1, 3])];
      const definition = findLayer('gaussianLatent')!;
      const losses: (typeof values)[number][] = [];
      const inputs = [readShape('F3'), readShape('F3')];
      const context = { params: resolveParams(definition, { weight: 2 }), inputs, inputNames: ['m', 'v'], name: 'z', weights: {} };
      definition.lower({ ...context, b, mode: 'evaluate', values, addLoss: (loss) => void losses.push(loss) });
      return losses;
    });
    // ½ (μ² + σ² − 1 − ln σ²) for each of three numbers, twice.
    expect(added[0]![0]).toBeCloseTo(2 * 3 * 0.5 * (0.25 + 4 - 1 - Math.log(4)), 5);
  });

  it('is as PyTorch has it, with the same random numbers', async () => {
    const { shape } = latentFixture;
    const count = elementCount(shape);
    const type: TensorType = { shape, dtype: 'f32' };
    const b = createBuilder({ name: 'latent', batchSize: 0 });
    const [mean, logVariance, noise, weights] = ['mean', 'logVariance', 'noise', 'weights'].map((slot) => b.slot(slot, type));
    const inputs = [readShape('F4'), readShape('F4')];
    const definition = findLayer('gaussianLatent')!;
    const context = { params: resolveParams(definition, {}), inputs, inputNames: ['m', 'v'], name: 'z', weights: {} };
    const losses: Value[] = [];
    const values = [mean!, logVariance!];
    const drawn: Builder = { ...b, random: () => noise! };
    const z = definition.lower({ ...context, b: drawn, mode: 'train', values, addLoss: (loss) => void losses.push(loss) });
    const [divergence] = losses;
    const total = b.add(b.sum(b.multiply(z, weights!), [0, 1]), b.sum(divergence!, [0]));
    const slopes = gradients(b, total, values);
    const results = { z, divergence: divergence!, mean: slopes[0]!, logVariance: slopes[1]! };
    for (const [name, value] of Object.entries(results)) b.assign(`result ${name}`, value);
    const slots = [
      ...['mean', 'logVariance', 'noise', 'weights'].map((name) => ({ name, kind: 'carry' as const, type })),
      ...Object.entries(results).map(([name, { shape: own }]) => ({
        name: `result ${name}`,
        kind: 'carry' as const,
        type: { shape: own, dtype: 'f32' as const },
      })),
    ];
    const data = new Map([['mean', wave(count, 0)], ['logVariance', wave(count, 1)], ['noise', wave(count, 2)], ['weights', wave(count, 99)]] as const); // prettier-ignore
    const found = await runProgram({
      engine: createReferenceEngine({ precision: 'f64' }),
      program: b.build(),
      slots,
      data: new Map<string, Float64Array>(data),
    });
    const expected = { z: latentFixture.z, divergence: latentFixture.divergence, ...latentFixture.gradients };
    for (const [name, numbers] of Object.entries(expected))
      expectClose(found.get(`result ${name}`)!, numbers, torchTolerance, { what: name });
  });

  it('refuses a log variance for other numbers', () => {
    const definition = findLayer('gaussianLatent')!;
    const inputs = [readShape('F3'), readShape('F4')];
    const result = definition.inferShape({ params: resolveParams(definition, {}), inputs, inputNames: ['m', 'v'], name: 'z' });
    expect(result).toMatchObject({ message: 'z expects a log variance for every mean: m gives B × 3, v gives B × 4.' });
  });
});
