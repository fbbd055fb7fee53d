import { describe, expect, it } from 'vitest';
import { createReferenceEngine } from '../engines/reference/referenceEngine.ts';
import type { ProblemError } from '../problem.ts';
import { initialiseParameters } from '../program/lowerSession.ts';
import { openSession } from '../train/session.ts';
import { prepareData } from '../tasks/prepareData.ts';
import { draw } from '../testing/documents.ts';
import { tinyConfig, tinyDataSet, tinyNetwork } from '../testing/tinyTraining.ts';
import { dataSetOf, imagesOf, trainedRun } from '../testing/trainedRuns.ts';
import { readTrained, type Trained } from './trained.ts';
import { createUseSession } from './useSession.ts';

const use = (trained: Trained) => createUseSession(createReferenceEngine(), trained, () => 0);

/** What training's own program predicts for these rows. */
async function predictedInTraining(target: 'stripe' | 'height'): Promise<{ trained: Trained; values: Float32Array; units: number }> {
  const [document, config, dataSet] = [tinyNetwork(target), tinyConfig(target), tinyDataSet(target)];
  const data = prepareData(dataSet, config);
  const engine = createReferenceEngine();
  const lowered = await openSession({ document, config, data, engine });
  const { batchSize } = lowered.programs.predict;
  await engine.run('predict', { steps: 1, firstStep: 0, rows: Int32Array.from({ length: batchSize }, (_, row) => row) });
  const values = (await engine.read(lowered.predictionsRing.slot)) as Float32Array;
  const weights = Object.fromEntries(initialiseParameters(lowered, config.seed));
  return { trained: readTrained({ document, config, dataSet, weights }), values, units: lowered.predictionsRing.units };
}

describe('a predicted row', () => {
  it('has the probabilities that training has for it, typed values too, one by one and many at once', async () => {
    const { trained, values } = await predictedInTraining('stripe');
    const session = use(trained);
    const rows = Array.from({ length: 9 }, (_, row) => row);
    for (const answers of [
      await session.predict(rows.map((row) => ({ row }))),
      await session.predict(session.rows(rows).map((row) => ({ values: row.values }))),
      [...(await session.predict([{ row: 0 }])), ...(await session.predict([{ row: 1 }]))],
    ]) {
      answers.forEach((answer, row) => {
        if (answer.kind !== 'classes') throw new Error(answer.kind);
        answer.probabilities.forEach((value, k) => expect(value).toBeCloseTo(values[row * 3 + k]!, 6));
        expect(answer.classNames).toEqual(['low', 'middle', 'high']);
      });
    }
    const [first] = await session.predict([{ row: 0 }]);
    expect(first).toMatchObject({ kind: 'classes', truth: session.rows([0])[0]!.truth });
    expect(session.abilities.predict?.fields.map(({ name }) => name)).toEqual(['x', 'y']);
    expect(session.abilities).toMatchObject({ examplesPart: 'test', predict: { answer: 'classes', typed: true } });
  });

  it('is a number in the own unit', async () => {
    const { trained, values } = await predictedInTraining('height');
    const { shift, scale } = trained.data.targetScale!;
    const [answer] = await use(trained).predict([{ row: 4 }]);
    expect(answer).toMatchObject({ kind: 'number', unit: 'm' });
    expect(answer).toHaveProperty('value', values[4]! * scale + shift);
  });
});

describe('what cannot be predicted', () => {
  it.each([
    [{ values: { z: 1 } }, 'The network reads no column "z".'],
    [{ values: { x: 'much' } }, 'Column "x": expected a number, got "much".'],
    [{ row: 90 }, 'The data set stripes has rows 0 to 89 for this network, got 90.'],
  ])('%j', async (item, sentence) => {
    const { trained } = await predictedInTraining('stripe');
    const error = (await use(trained)
      .predict([item])
      .catch((thrown: unknown) => thrown)) as ProblemError;
    expect(error.problem.message).toBe(sentence);
  });

  it('is what another task does', async () => {
    const { trained } = await predictedInTraining('stripe');
    await expect(use(trained).forecast()).rejects.toThrow(
      'A network trained for the task classification cannot forecast its series. It can predict single items.',
    );
  });
});

describe('an image', () => {
  const document = draw('image:input flat:flatten hidden:dense d:dense out:output', 'image>flat flat>hidden hidden>d d>out', {
    image: { role: 'image' },
    hidden: { units: 3, activation: 'tanh' },
    d: { units: 2 },
    out: { role: 'label' },
  });
  const trained = trainedRun(document, imagesOf(40), { target: 'label', task: { type: 'classification' } });

  it('is the same as bytes and as a row', async () => {
    const session = use(trained);
    const image = session.rows([5])[0]!.image!.bytes;
    const [row, given] = await session.predict([{ row: 5 }, { image }]);
    expect(given).toEqual({ ...row, truth: undefined });
    await expect(session.predict([{ image: new Uint8Array(3) }])).rejects.toThrow('expected 1 × 2 × 2 bytes');
  });

  it('has features: those of the last hidden layer unless another is named', async () => {
    const session = use(trained);
    const bytes = new Uint8Array(8).map((_, i) => 30 * i);
    const { layer, units, features, predicted } = await session.features({ shape: [1, 2, 2], count: 2, bytes });
    expect({ layer, units }).toEqual({ layer: 'hidden', units: 3 });
    const weight = trained.weights['hidden/weight']!;
    const bias = trained.weights['hidden/bias']!;
    for (let i = 0; i < 6; i++) {
      const [image, unit] = [Math.floor(i / 3), i % 3];
      const sum = [0, 1, 2, 3].reduce((s, k) => s + (weight[unit * 4 + k]! * bytes[image * 4 + k]!) / 255, bias[unit]!);
      expect(features[i]).toBeCloseTo(Math.tanh(sum), 5);
    }
    expect(predicted).toHaveLength(2);
    expect((await session.features({ shape: [1, 2, 2], count: 2, bytes }, 'd')).units).toBe(2);
    await expect(session.features({ shape: [1, 2, 2], count: 2, bytes }, 'e')).rejects.toThrow('The classifier has no layer "e".');
    await expect(session.features({ shape: [1, 1, 4], count: 2, bytes })).rejects.toThrow('reads images of 1 × 2 × 2');
  });

  it('is predicted with the averages of the weights where these were kept', async () => {
    const change = { controls: { ...trained.config.controls, averageDecay: 0.9 } };
    const averaged = trainedRun(document, imagesOf(40), { target: 'label', task: { type: 'classification' }, change });
    expect(await use(averaged).predict([{ row: 5 }])).toEqual(await use(trained).predict([{ row: 5 }]));
  });
});

describe('several labels', () => {
  it('are probabilities of their own', async () => {
    const yesNo = (name: string, offset: number) => ({
      info: { name, type: 'number' as const, missing: 0, integers: true, distinct: 2, range: { min: 0, max: 1 } },
      type: 'number' as const,
      values: Float64Array.from({ length: 20 }, (_, i) => (i + offset) % 2),
    });
    const x = {
      info: { name: 'x', type: 'number' as const, missing: 0 },
      type: 'number' as const,
      values: Float64Array.from({ length: 20 }, (_, i) => i),
    };
    const document = draw('in:input d:dense out:output', 'in>d d>out', {
      in: { role: 'features' },
      d: { units: 2 },
      out: { role: 'labels' },
    });
    const trained = trainedRun(document, dataSetOf([x, yesNo('p', 0), yesNo('q', 1)], 20), {
      target: 'p',
      task: { type: 'multiLabel', labels: '' },
      weights: { 'd/weight': [0, 0], 'd/bias': [0, Math.log(3)] },
    });
    const [answer] = await use(trained).predict([{ row: 3 }]);
    expect(answer).toMatchObject({ kind: 'labels', names: ['p', 'q'], truth: [true, false] });
    const [first, second] = answer?.kind === 'labels' ? answer.probabilities : [];
    expect(first).toBeCloseTo(0.5, 6);
    expect(second).toBeCloseTo(0.75, 6);
  });
});
