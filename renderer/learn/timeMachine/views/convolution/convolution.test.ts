/** Sums and gradients put together from what the views list, against the engine's own numbers. */
import { describe, expect, it } from 'vitest';
import { createExplainer, type Explainer } from '../../../../../core/explain/explainer.ts';
import type { LayerStage } from '../../../../../core/explain/stages.ts';
import type { ParamValue } from '../../../../../core/graph/document.ts';
import { prepareData } from '../../../../../core/tasks/prepareData.ts';
import { draw } from '../../../../../core/testing/documents.ts';
import { taskCase } from '../../../../../core/testing/taskCases.ts';
import { convolutionOf, looksAt, paddedFrame, placesOfWeight, tapsAt, under, weightElement, weightOfTap } from './convolution.ts';
import { elementIn, gridOf, placeOf, planeOf } from './planes.ts';
import { placesUnder, poolOf, winnerOf } from './pool.ts';

type Params = Readonly<Record<string, ParamValue>>;

function explained(layer: string, params: Params, first: Params = { filters: 4, kernel: 3, padding: 'same' }): [Explainer, LayerStage] {
  const { dataSet, config } = taskCase('autoencoding');
  const document = draw(`in:input c:conv2d l:${layer} f:flatten d:dense out:output`, 'in>c c>l l>f f>d d>out', {
    in: { role: 'image' },
    c: first,
    l: params,
    d: { units: 16 },
    out: { role: 'image' },
  });
  const machine = createExplainer({ document, config, data: prepareData(dataSet, config), rows: [3], mode: 'train', precision: 'f64' });
  const stage = machine.explanation.stages.find((own) => own.phase === 'forward' && own.type === layer && own.name !== 'c');
  return [machine, stage as LayerStage & { phase: 'forward' }];
}

const cases: Readonly<Record<string, Params>> = {
  plain: { filters: 3, kernel: 2 },
  'padded to the same size': { filters: 3, kernel: 3, padding: 'same', activation: 'tanh' },
  'with steps and padding': { filters: 2, kernel: [3, 2], stride: [2, 1], padding: [1, 0] },
  dilated: { filters: 2, kernel: 2, dilation: 2, padding: 1 },
  'in groups': { filters: 4, kernel: 3, padding: 1, groups: 2 },
};

const transposed: Readonly<Record<string, Params>> = {
  'transposed, plain': { filters: 3, kernel: 2 },
  'transposed, doubling': { filters: 2, kernel: 4, stride: 2, padding: 1, activation: 'tanh' },
  'transposed, uneven': { filters: 2, kernel: [3, 2], stride: [2, 1], outputPadding: [1, 0] },
  'transposed, dilated': { filters: 2, kernel: 2, stride: 2, dilation: 3 },
  'transposed, in groups': { filters: 4, kernel: 3, padding: 1, groups: 2 },
};
const all = [
  ...Object.entries(cases).map(([name, params]) => [name, 'conv2d', params] as const),
  ...Object.entries(transposed).map(([name, params]) => [name, 'convTranspose2d', params] as const),
];

describe.each(all)('a convolution, %s', (_, type, params) => {
  const [machine, stage] = explained(type, params);
  const own = convolutionOf(stage)!;
  const [x, weights, z] = [own.x, own.weight, own.z].map(({ id }) => machine.read(id)) as [Float64Array, Float64Array, Float64Array];
  const { rows, columns, channels } = own.output;

  it('sums what lies under its window', () => {
    for (let filter = 0; filter < channels; filter++)
      for (let at = 0; at < rows * columns; at++) {
        const [row, column] = [Math.floor(at / columns), at % columns];
        const taps = tapsAt(own, filter, row, column);
        const seen = under(x, own.input, taps);
        const sum = seen.reduce(
          (all, number, i) => all + number * weights[weightElement(own, filter, weightOfTap(own, taps[i]!))]!,
          machine.read(own.bias!.id)[filter]!,
        );
        expect(sum).toBeCloseTo(z[elementIn(own.output, { channel: filter, row, column })]!, 5);
      }
  });

  it('gets the gradient of a weight from every place where it is used', () => {
    const delta = machine.read(own.z.gradient!);
    const gradient = machine.read(own.weight.gradient!);
    const perFilter = weights.length / channels;
    for (let filter = 0; filter < channels; filter++)
      for (let weight = 0; weight < perFilter; weight++) {
        const seen = under(x, own.input, placesOfWeight(own, filter, weight));
        const deltas = planeOf(delta, own.output, filter)!;
        const sum = seen.reduce((all, number, at) => all + number * deltas[at]!, 0);
        expect(sum).toBeCloseTo(gradient[weightElement(own, filter, weight)]!, 5);
      }
  });
});

describe('what is looked at', () => {
  const own = convolutionOf(explained('conv2d', { filters: 4, kernel: 3, padding: 1, groups: 2 })[1])!;
  const last = { filter: 9, seen: 0, position: 2, tap: 0 };

  it('follows the chosen number, and stays within the layer', () => {
    expect(looksAt(own, null, last, undefined)).toEqual({ filter: 3, seen: 0, position: 2, tap: 0 });
    expect(looksAt(own, null, last, 5).position).toBe(5);
    expect(looksAt(own, { value: own.weight.id, element: 2 * 18 + 9 + 4 }, last, undefined)).toMatchObject({ filter: 2, seen: 1, tap: 4 });
    const element = elementIn(own.output, { channel: 1, row: 1, column: 2 });
    expect(looksAt(own, { value: own.z.id, element }, last, undefined)).toMatchObject({ filter: 1, position: own.output.columns + 2 });
  });

  it('finds a chosen weight of a transposed one', () => {
    const other = convolutionOf(explained('convTranspose2d', { filters: 4, kernel: 3, padding: 1, groups: 2 })[1])!;
    for (const [filter, seen, tap] of [
      [0, 0, 0],
      [1, 1, 4],
      [2, 0, 8],
      [3, 1, 5],
    ] as const) {
      const element = weightElement(other, filter, seen * 9 + tap);
      expect(looksAt(other, { value: other.weight.id, element }, last, undefined)).toMatchObject({ filter, seen, tap });
    }
  });

  it('has the padding around it', () => {
    const { rows, columns } = own.input;
    expect(paddedFrame(own)).toEqual([{ row: -1, column: -1, rows: rows + 2, columns: columns + 2, isFaint: true }]);
  });
});

describe.each([
  ['plain', { kernel: 2 }],
  ['padded', { kernel: 3, stride: 2, padding: 1 }],
  ['with the rest kept', { kernel: 3, stride: 2, ceilMode: true }],
] as const)('pooling, %s', (_, params) => {
  it('takes the largest number of its window, and hands the gradient to it', () => {
    const [machine, stage] = explained('maxPool2d', params);
    const pool = poolOf(stage)!;
    const [x, y] = [machine.read(pool.x.id), machine.read(pool.y.id)];
    const received = new Float64Array(x.length);
    const gradient = machine.read(pool.y.gradient!);
    y.forEach((number, element) => {
      const places = placesUnder(pool, placeOf(pool.output, element));
      const elements = places.map((place) => elementIn(pool.input, place));
      const winner = winnerOf(elements.map((own) => x[own]!));
      expect(x[elements[winner]!]).toBe(number);
      received[elements[winner]!]! += gradient[element]!;
    });
    const handed = machine.read(pool.x.gradient!);
    received.forEach((sum, i) => expect(sum).toBeCloseTo(handed[i]!, 9));
  });
});

describe('planes', () => {
  it('of images and of sequences know their elements', () => {
    const image = gridOf([1, 2, 3, 4])!;
    const sequence = gridOf([1, 5, 2])!;
    expect(placeOf(image, elementIn(image, { channel: 1, row: 2, column: 3 }))).toEqual({ channel: 1, row: 2, column: 3 });
    expect(placeOf(sequence, elementIn(sequence, { channel: 1, row: 0, column: 3 }))).toEqual({ channel: 1, row: 0, column: 3 });
    expect([...planeOf([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], sequence, 1)!]).toEqual([1, 3, 5, 7, 9]);
    expect(gridOf([1, 5])).toBeUndefined();
  });
});
