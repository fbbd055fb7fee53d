import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { Column, DataSet, Task } from '../data/dataSet.ts';
import { textColumn } from '../data/text.ts';
import { createReferenceEngine } from '../engines/reference/referenceEngine.ts';
import type { NetworkDocument } from '../graph/document.ts';
import { chain } from '../graph/starterNetwork.ts';
import { initialiseParameters, lowerSession } from '../program/lowerSession.ts';
import { prepareData } from '../tasks/prepareData.ts';
import { expectClose } from '../testing/compare.ts';
import { gptNetwork } from '../testing/sequences.ts';
import { engineTolerances } from '../testing/tolerances.ts';
import { defaultRunConfig } from '../train/defaults.ts';
import type { RunConfig } from '../train/runConfig.ts';
import { readTrained } from '../use/trained.ts';
import { exportJavaScript } from './exportJavaScript.ts';
import { toBase64 } from './base64.ts';

interface Model {
  readonly model: { readonly task: string; readonly names: readonly string[] };
  predict(...given: readonly unknown[]): { readonly prediction: unknown; readonly probabilities?: Readonly<Record<string, number>> };
  compute(given: Readonly<Record<string, ArrayLike<number>>>): Float32Array;
}

async function importText(text: string): Promise<Model> {
  return (await import(/* @vite-ignore */ `data:text/javascript;base64,${Buffer.from(text).toString('base64')}`)) as Model;
}

function dataSetOf(kind: DataSet['info']['kind'], columns: readonly Column[], rowCount: number, defaultTarget: string): DataSet {
  const info = { id: 'd', name: 'D', hash: 'd', origin: 'csv', kind, rowCount, columns: columns.map((column) => column.info) } as const;
  return { info: { ...info, defaultTarget, description: '' }, columns };
}

/** A network as it starts, with the engine's predictions of these rows. */
async function startedRun(
  document: NetworkDocument,
  dataSet: DataSet,
  task: Task,
  rows: readonly number[],
  change: Partial<RunConfig> = {},
) {
  const config = {
    ...defaultRunConfig(dataSet.info, { network: 'n', task, ...(change.preparation && { target: change.preparation.target }) }),
    ...change,
  };
  const data = prepareData(dataSet, config);
  const lowered = lowerSession({ document, config, data });
  const weights = Object.fromEntries(initialiseParameters(lowered, 5));
  const engine = createReferenceEngine();
  await engine.load({ programs: { predict: lowered.programs.predict }, slots: lowered.slots, seed: 1 });
  for (const { slot, values } of lowered.dataSlots) await engine.write(slot, values(data));
  for (const [slot, values] of Object.entries(weights)) await engine.write(slot, values);
  const { batchSize } = lowered.programs.predict;
  await engine.run('predict', { steps: 1, firstStep: 0, rows: Int32Array.from({ length: batchSize }, (_, i) => rows[i] ?? rows[0]!) });
  const { slot, units } = lowered.predictionsRing;
  const expected = Float32Array.from(await engine.read(slot, 0, rows.length * units));
  const trained = readTrained({ document, config, dataSet, weights });
  return { trained, expected: (i: number) => expected.subarray(i * units, (i + 1) * units), data };
}

const noise = (n: number, seed: number): Float64Array => Float64Array.from({ length: n }, (_, i) => Math.sin(seed + 12.9898 * i) * 3 + 1);

/** A number with gaps, a category with gaps, a category of which the training rows lack one, a constant. */
function mixedTable(): DataSet {
  const rowCount = 60;
  const length = noise(rowCount, 1);
  const weight = noise(rowCount, 2).map((value, i) => (i % 7 === 3 ? NaN : value));
  const island = Int32Array.from({ length: rowCount }, (_, i) => (i % 11 === 4 ? -1 : i % 3));
  const kind = Int32Array.from(length, (value) => (value > 1 ? 1 : 0));
  const columns: Column[] = [
    { type: 'number', values: length, info: { name: 'length', type: 'number', missing: 0 } },
    { type: 'number', values: weight, info: { name: 'weight (g)', type: 'number', missing: 9 } },
    {
      type: 'category',
      values: island,
      info: { name: 'island', type: 'category', missing: 5, categories: ['Biscoe', 'Dream', 'No "where"'] },
    },
    { type: 'number', values: new Float64Array(rowCount).fill(4), info: { name: 'legs', type: 'number', missing: 0 } },
    { type: 'category', values: kind, info: { name: 'kind', type: 'category', missing: 0, categories: ['long', 'short'] } },
  ];
  return dataSetOf('table', columns, rowCount, 'kind');
}

function rowOf({ columns }: DataSet, row: number): Record<string, unknown> {
  return Object.fromEntries(
    columns.map((column) => {
      const value = column.values instanceof Float64Array || column.values instanceof Int32Array ? column.values[row]! : NaN;
      const isGap = Number.isNaN(value) || (column.type === 'category' && value < 0);
      return [column.info.name, isGap ? null : column.type === 'category' ? column.info.categories![value] : value];
    }),
  );
}

const preparation = (target: string, use: readonly string[]): RunConfig['preparation'] => ({
  target,
  columns: Object.fromEntries(
    use.map((name) => [name, { use: true, gaps: 'ownCategory', scaling: name === 'island' ? 'none' : 'standardise' }] as const),
  ),
  targetScaling: 'standardise',
});

describe('a model as one JavaScript file', () => {
  it('prepares rows as training does: gaps, categories, constants', async () => {
    const dataSet = mixedTable();
    const network = chain('mlp', [
      ['input', { role: 'features' }],
      ['dense', { units: 6, activation: 'gelu' }],
      ['batchNorm', {}],
      ['dense', { units: 2 }],
      ['output', { role: 'kind' }],
    ]);
    const rows = [0, 3, 4, 10, 15];
    const change = { preparation: preparation('kind', ['length', 'weight (g)', 'island', 'legs']) };
    const { trained, expected } = await startedRun(network, dataSet, 'classification', rows, change);
    const { predict, model } = await importText(exportJavaScript(trained, 'Run 1'));
    expect(model).toMatchObject({ task: 'classification', names: ['long', 'short'] });
    rows.forEach((row, i) => {
      const { probabilities } = predict(rowOf(dataSet, row));
      expectClose(Object.values(probabilities!), expected(i), engineTolerances.reference, { what: `row ${row}` });
    });
    // A category of another world is all zeros, as one that no training row had.
    expect(predict({ ...rowOf(dataSet, 0), island: 'Atlantis' }).probabilities).not.toEqual(predict(rowOf(dataSet, 0)).probabilities);
  });

  it('answers numbers in their own units, and works as a classic script', async () => {
    const dataSet = mixedTable();
    const network = chain('mlp', [
      ['input', { role: 'features' }],
      ['dense', { units: 5, activation: 'tanh' }],
      ['dense', { units: 1 }],
      ['output', { role: 'length' }],
    ]);
    const change = { preparation: preparation('length', ['weight (g)', 'island']) };
    const { trained, expected, data } = await startedRun(network, dataSet, 'regression', [7], change);
    const context = createContext({ atob });
    runInContext(`${exportJavaScript(trained, 'Run 2', { asScript: true })}; globalThis.answer = layerbenchModel.predict;`, context);
    const { prediction } = (context.answer as Model['predict'])(rowOf(dataSet, 7));
    const { shift, scale } = data.targetScale!;
    expect(prediction).toBeCloseTo(expected(0)[0]! * scale + shift, 5);
  });

  it('equals the engine for LeNet-5', async () => {
    const rowCount = 20;
    const pixels = Uint8Array.from(noise(rowCount * 784, 3), (value) => Math.abs(value * 60) % 256);
    const label = Int32Array.from({ length: rowCount }, (_, i) => i % 10);
    const dataSet = dataSetOf(
      'images',
      [
        { type: 'image', values: pixels, info: { name: 'image', type: 'image', missing: 0, imageShape: [1, 28, 28] } },
        { type: 'category', values: label, info: { name: 'label', type: 'category', missing: 0, categories: [...'0123456789'] } },
      ],
      rowCount,
      'label',
    );
    const network = chain('leNet5', [
      ['input', { role: 'image' }],
      ['conv2d', { filters: 6, kernel: 5, padding: 'same', activation: 'tanh' }],
      ['maxPool2d', {}],
      ['conv2d', { filters: 16, kernel: 5, activation: 'tanh' }],
      ['maxPool2d', {}],
      ['flatten', {}],
      ['dense', { units: 120, activation: 'tanh' }],
      ['dense', { units: 84, activation: 'tanh' }],
      ['dense', { units: 10 }],
      ['output', { role: 'label' }],
    ]);
    const { trained, expected } = await startedRun(network, dataSet, 'classification', [2, 9]);
    const { predict } = await importText(exportJavaScript(trained, 'LeNet-5'));
    for (const [i, row] of [2, 9].entries()) {
      const { probabilities } = predict(pixels.subarray(row * 784, (row + 1) * 784));
      expectClose(Object.values(probabilities!), expected(i), engineTolerances.reference, { what: `image ${row}` });
    }
    expect(() => predict([1, 2])).toThrow('Expected 1 × 28 × 28 pixels, got 2.');
  });

  const text = 'the quick brown fox jumps over the lazy dog, and then the dog sleeps. '.repeat(6);
  const characters = textColumn(text, 't.txt');
  const textSet = dataSetOf('text', [characters], text.length, 'character');
  const vocabulary = characters.info.categories!.length;
  const sizes = { vocabulary, steps: 12, features: 8 };
  const lstm = chain('lstm', [
    ['input', { role: 'character' }],
    ['embedding', { vocabulary, features: 8 }],
    ['lstm', { units: 10, returns: 'sequence' }],
    ['dense', { units: vocabulary }],
    ['output', { role: 'character' }],
  ]);
  const gpt = gptNetwork({ ...sizes, heads: 2, blocks: 2 });
  const named: NetworkDocument = {
    ...gpt,
    nodes: gpt.nodes.map((node) => (node.params.role === undefined ? node : { ...node, params: { role: 'character' } })),
  };

  it.each([
    ['an LSTM', lstm],
    ['a GPT', named],
  ])('equals the engine for %s', async (_, network) => {
    const change = {
      task: { type: 'nextToken', steps: 12, stride: 0 },
      split: { train: 0.8, validation: 0.1, test: 0.1, seed: 1, stratify: false },
    } as const;
    const { trained, expected } = await startedRun(network, textSet, 'nextToken', [24], change);
    const { predict } = await importText(exportJavaScript(trained, 'text'));
    for (const length of [12, 5]) {
      const { probabilities } = predict(text.slice(24, 24 + length));
      const step = expected(0).subarray((length - 1) * vocabulary, length * vocabulary);
      expectClose(Object.values(probabilities!), step, engineTolerances.reference, { what: `after ${length} characters` });
    }
    expect(() => predict('Ω')).toThrow('Token "Ω" is not one of');
  });

  it.each([
    ['forecasting', { type: 'forecasting', past: 6, horizon: 3 }, 'length', ['weight (g)', 'island'], 3],
    ['sequenceLabelling', { type: 'sequenceLabelling', steps: 5 }, 'kind', ['length', 'island'], 2],
  ] as const)('reads windows of rows: %s', async (name, task, target, use, units) => {
    const dataSet = mixedTable();
    const labels = name === 'sequenceLabelling';
    const network = chain('gru', [
      ['input', { role: 'sequence' }],
      ['gru', { units: 7, returns: labels ? 'sequence' : 'last' }],
      ['dense', { units }],
      ['output', { role: target }],
    ]);
    const change = { task, preparation: preparation(target, use) };
    const { trained, expected, data } = await startedRun(network, dataSet, name, [10], change);
    const { predict } = await importText(exportJavaScript(trained, name));
    const answer: unknown = predict(Array.from({ length: labels ? 5 : 6 }, (_, i) => rowOf(dataSet, 10 + i)));
    if (labels) {
      const got = (answer as { probabilities: object }[]).flatMap(({ probabilities }) => Object.values(probabilities) as number[]);
      expectClose(got, expected(0), engineTolerances.reference, { what: name });
    } else {
      const { shift, scale } = data.targetScale!;
      const own = expected(0).map((value) => value * scale + shift);
      expectClose((answer as { prediction: number[] }).prediction, own, { relative: 1e-5, absolute: 1e-5 }, { what: name });
    }
    expect(() => predict([])).toThrow(`Expected ${labels ? 5 : 6} rows, got 0.`);
  });

  it('holds only the ops it needs, and nothing that evaluates text', async () => {
    const network = chain('linear', [
      ['input', { role: 'features' }],
      ['dense', { units: 2 }],
      ['output', { role: 'kind' }],
    ]);
    const { trained } = await startedRun(network, mixedTable(), 'classification', [0]);
    const written = exportJavaScript(trained, 'A run with */ in its name');
    expect(written).not.toMatch(/\beval\b|new Function|gather|argmax/);
    expect(written).toContain('contract:');
    await expect(importText(written)).resolves.toBeDefined();
  });
});

describe('base64', () => {
  it.each([0, 1, 2, 3, 12_287, 12_288, 12_290, 40_000])('of %d bytes', (length) => {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8)) % 256);
    expect(toBase64(bytes) === Buffer.from(bytes).toString('base64')).toBe(true);
  });
});
