import { describe, expect, it } from 'vitest';
import type { ParamValues } from '../graph/document.ts';
import { inferShapes } from '../graph/inferShapes.ts';
import { chain } from '../graph/starterNetwork.ts';
import { checkLayer, readShape, type LayerCheck } from '../testing/checkLayer.ts';
import { isShapeProblem } from './defineLayer.ts';
import { findLayer, resolveParams } from './index.ts';

const checks: readonly LayerCheck[] = [
  { type: 'flatten', inputs: ['C2 H3 W2'], shape: 'B × 12', fixtures: ['flatten'] },
  { type: 'flatten', inputs: ['F4'], shape: 'B × 4' },
  { type: 'reshape', params: { shape: '2 × ?' }, inputs: ['C1 H2 W3'], shape: 'B × 2 × 3', fixtures: ['reshape'] },
  { type: 'reshape', params: { shape: '1x2x2x2' }, inputs: ['F8'], shape: 'B × 1 × 2 × 2 × 2' },
  { type: 'permute', inputs: ['T2 F3'], shape: 'B × 3 × 2', fixtures: ['permute'] },
  { type: 'permute', params: { order: '3 1 2' }, inputs: ['C2 H3 W4'], shape: 'B × 4 × 2 × 3', fixtures: ['permute of an image'] },
  { type: 'slice', params: { dimension: 'C', start: 1, length: 1 }, inputs: ['C3 H2 W2'], shape: 'B × 1 × 2 × 2', fixtures: ['slice'] },
  {
    type: 'slice',
    params: { dimension: 'T', start: -1, length: 1, drop: true },
    inputs: ['T3 F2'],
    shape: 'B × 2',
    fixtures: ['slice of one step'],
  },
  { type: 'pad', inputs: ['C1 H2 W2'], shape: 'B × 1 × 2 × 4', fixtures: ['pad'] },
  { type: 'oneHot', params: { classes: 4 }, inputs: ['T3'], shape: 'B × 3 × 4', fixtures: ['oneHot'] },
  { type: 'add', inputs: ['F3', 'F3', 'F3'], shape: 'B × 3', fixtures: ['add'] },
  { type: 'add', inputs: ['F3', 'T2 F3'], shape: 'B × 2 × 3', fixtures: ['add of features and an image'] },
  { type: 'multiply', inputs: ['F3', 'F1'], shape: 'B × 3', fixtures: ['multiply'] },
  { type: 'multiply', inputs: ['C2 H2 W2', 'F2'], shape: 'B × 2 × 2 × 2', fixtures: ['multiply of an image and gates'] },
  { type: 'concat', inputs: ['F3', 'F1'], shape: 'B × 4', fixtures: ['concat', 'concat of images'] },
  { type: 'concat', inputs: ['C1 H2 W2', 'C3 H2 W2'], shape: 'B × 4 × 2 × 2' },
  { type: 'bilinear', params: { units: 2 }, inputs: ['F3', 'F2'], shape: 'B × 2', fixtures: ['bilinear'] },
  {
    type: 'bilinear',
    params: { units: 2, bias: false, activation: 'tanh' },
    inputs: ['T2 F2', 'T2 F3'],
    shape: 'B × 2 × 2',
    fixtures: ['bilinear of sequences'],
  },
  { type: 'upsample', params: { factor: [1, 2] }, inputs: ['C1 H2 W2'], shape: 'B × 1 × 2 × 4', fixtures: ['upsample'] },
  {
    type: 'upsample',
    params: { mode: 'bilinear' },
    inputs: ['C1 H2 W3'],
    shape: 'B × 1 × 4 × 6',
    fixtures: ['upsample, bilinear', 'upsample, bilinear, by 3 and 4'],
  },
];

it.each(checks)('$type of $inputs passes the battery', async (check) => {
  await checkLayer(check);
});

describe('refusals name the way out', () => {
  const cases: readonly (readonly [string, ParamValues, string, string, string | number | boolean | undefined])[] = [
    ['reshape', { shape: '3 × 3' }, '8', 'reshape_1: 3 × 3 has 9 values, got B × 8 from input_1, which has 8.', undefined],
    ['reshape', { shape: '3 × 4' }, '6', 'reshape_1: 3 × 4 has 12 values, got B × 6 from input_1, which has 6.', '3 × 2'],
    ['reshape', { shape: '5 × ?' }, '6', 'reshape_1: 5 × ? needs a multiple of 5 values, got B × 6 from input_1, which has 6.', undefined],
    [
      'reshape',
      { shape: '? × ?' },
      '6',
      'reshape_1: the shape should be 1 to 4 whole numbers such as 1 × 28 × 28, one of which may be "?", got "? × ?".',
      undefined,
    ],
    [
      'permute',
      {},
      '1 × 2 × 3',
      'permute_1: the order should name 1, 2, 3 once each, because B × 1 × 2 × 3 arrives from input_1, got "2 1".',
      '3 2 1',
    ],
    ['slice', { start: 6 }, '6', "Slice 'slice_1': features from 6 are not within the 6 that arrive.", 0],
    ['slice', { start: 4, length: 3 }, '6', "Slice 'slice_1': 3 features from 4 are not within the 6 that arrive.", 0],
    ['slice', { length: 2, drop: true }, '3 × 6', "Slice 'slice_1': only a dimension of 1 can be dropped, 2 features are kept.", 1],
    ['pad', {}, '6', "Pad 'pad_1': B × 6 from input_1 has no width, only features.", 'F'],
    ['oneHot', {}, '6', 'one_hot_1 expects tokens (B × time, whole numbers), got B × 6 from input_1.', undefined],
  ];
  it.each(cases)('%s %j of %s', (type, params, shape, message, value) => {
    const problem = inferShapes(
      chain('small', [
        ['input', { shape }],
        [type, params],
      ]),
      null,
    ).problems[0];
    expect(problem).toMatchObject({ message });
    if (value !== undefined) expect(problem?.fixes?.[0]).toMatchObject({ kind: 'setParam', value });
  });

  const pairs: readonly (readonly [string, readonly string[], number, string, string | undefined])[] = [
    ['add', ['F3', 'F4'], 1, 'a expects equal shapes, got B × 3 from x0 and B × 4 from x1.', 'dense'],
    ['add', ['C3 H2 W2', 'C4 H2 W2'], 1, 'a expects equal shapes, got B × 3 × 2 × 2 from x0 and B × 4 × 2 × 2 from x1.', 'conv2d'],
    ['multiply', ['C3 H2 W2', 'F4'], 1, 'a expects equal shapes, got B × 3 × 2 × 2 from x0 and B × 4 from x1.', undefined],
    ['multiply', ['F2', 'F1', 'T4 F3'], 2, 'a expects equal shapes, got B × 2 from x0 and B × 4 × 3 from x2.', undefined],
    [
      'bilinear',
      ['T2 F3', 'F3'],
      1,
      'a expects two rows of features or two sequences of equal length, got B × 2 × 3 from x0 and B × 3 from x1.',
      undefined,
    ],
  ];
  it.each(pairs)('%s of %j', (type, shapes, port, message, layer) => {
    const definition = findLayer(type);
    if (definition === undefined) throw new Error(type);
    const inputs = shapes.map(readShape);
    const inputNames = inputs.map((_, i) => `x${i}`);
    const result = definition.inferShape({ params: resolveParams(definition, {}), inputs, inputNames, name: 'a' });
    expect(result).toMatchObject({ port, message });
    const fix = isShapeProblem(result) ? result.fixes?.[0] : undefined;
    expect(fix?.kind === 'insertAfter' ? fix.layer : undefined).toBe(layer);
  });
});

it('a Slice keeps what it says', () => {
  const definition = findLayer('slice');
  if (definition === undefined) throw new Error('slice');
  const say = (params: ParamValues) =>
    definition.describe({ params: resolveParams(definition, params), inputs: [], inputNames: [], name: 's' });
  expect(say({ start: 2, length: 3 })).toBe('features 2 to 4');
  expect(say({ dimension: 'T', start: -1, length: 1, drop: true })).toBe('time number -1 · dropped');
  expect(say({ dimension: 'T', start: -3 })).toBe('time from -3');
});
