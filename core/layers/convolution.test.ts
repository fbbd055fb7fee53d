import { describe, expect, it } from 'vitest';
import { formatShape } from '../graph/shape.ts';
import type { ParamValues } from '../graph/document.ts';
import { applyFix } from '../graph/edit.ts';
import { inferShapes } from '../graph/inferShapes.ts';
import { chain } from '../graph/starterNetwork.ts';
import { checkLayer, readShape, type LayerCheck } from '../testing/checkLayer.ts';
import { conv2d } from './conv2d.ts';
import { isShapeProblem } from './defineLayer.ts';
import { resolveParams } from './index.ts';

const convolutions: readonly (Omit<LayerCheck, 'type'> & { readonly name: string })[] = [
  { name: 'plain', params: { filters: 3 }, inputs: ['C2 H5 W4'], shape: 'B × 3 × 3 × 2', fixtures: ['conv2d'] },
  {
    name: 'same, with activation',
    params: { filters: 2, padding: 'same', activation: 'tanh' },
    inputs: ['C2 H3 W4'],
    shape: 'B × 2 × 3 × 4',
    fixtures: ['conv2d same', 'conv2d same, even kernel'],
  },
  {
    name: 'padded by number',
    params: { filters: 2, kernel: 4, padding: 1 },
    inputs: ['C1 H3 W4'],
    shape: 'B × 2 × 2 × 3',
    fixtures: ['conv2d padded'],
  },
  {
    name: 'strided',
    params: { filters: 2, kernel: 3, stride: 2, padding: 'same', bias: false },
    inputs: ['C2 H5 W4'],
    shape: 'B × 2 × 3 × 2',
    fixtures: ['conv2d strided'],
  },
  {
    name: 'dilated',
    params: { filters: 2, kernel: 2, dilation: 2 },
    inputs: ['C1 H4 W5'],
    shape: 'B × 2 × 2 × 3',
    fixtures: ['conv2d dilated'],
  },
  {
    name: 'grouped',
    params: { filters: 4, kernel: 2, groups: 2 },
    inputs: ['C2 H3 W3'],
    shape: 'B × 4 × 2 × 2',
    fixtures: ['conv2d grouped', 'conv2d depthwise'],
  },
  {
    name: 'of one pixel',
    params: { filters: 3, kernel: 1 },
    inputs: ['C2 H2 W3'],
    shape: 'B × 3 × 2 × 3',
    fixtures: ['conv2d of one pixel'],
  },
  {
    name: 'rectangular',
    params: { filters: 2, kernel: [2, 3], stride: [1, 2], padding: [0, 1] },
    inputs: ['C1 H3 W4'],
    shape: 'B × 2 × 2 × 2',
    fixtures: ['conv2d rectangular', 'conv2d same, rectangular'],
  },
];

describe('Conv2D', () => {
  it.each(convolutions)('$name passes the battery', async ({ name: _name, ...check }) => {
    await checkLayer({ type: 'conv2d', ...check });
  });

  const context = (params: ParamValues, image: string) => ({
    params: resolveParams(conv2d, params),
    inputs: [readShape(image)],
    inputNames: ['input_1'],
    name: 'conv_1',
  });

  it.each([
    [{ filters: 6, kernel: 5 }, 'C1 H28 W28', 'B × 6 × 24 × 24', '6 @ 5×5'],
    [{ filters: 6, kernel: 5, padding: 2, activation: 'relu' }, 'C1 H28 W28', 'B × 6 × 28 × 28', '6 @ 5×5 · pad 2 · ReLU'],
    [{ filters: 6, kernel: 5, padding: 'same', activation: 'relu' }, 'C1 H28 W28', 'B × 6 × 28 × 28', '6 @ 5×5 · same · ReLU'],
    [{ filters: 64, kernel: 7, padding: 3, stride: 2 }, 'C3 H224 W224', 'B × 64 × 112 × 112', '64 @ 7×7 · stride 2 · pad 3'],
    [{ filters: 8, padding: 'same', stride: 2, dilation: 2 }, 'C3 H7 W8', 'B × 8 × 4 × 4', '8 @ 3×3 · stride 2 · same'],
    [{ filters: 4, kernel: [3, 5], padding: [1, 2], stride: [2, 1] }, 'C1 H8 W8', 'B × 4 × 4 × 8', '4 @ 3×5 · stride 2×1 · pad 1×2'],
    [{ filters: 8, padding: 'same', groups: 4 }, 'C4 H1 W1', 'B × 8 × 1 × 1', '8 @ 3×3 · same · 4 groups'],
  ])('%j of %s', (params, image, shape, summary) => {
    const inferred = conv2d.inferShape(context(params, image));
    expect(isShapeProblem(inferred) ? inferred.message : formatShape(inferred)).toBe(shape);
    expect(conv2d.describe(context(params, image))).toBe(summary);
  });

  const mistakes: readonly (readonly [ParamValues, string, string, string, number])[] = [
    [{ kernel: 5 }, 'C1 H3 W3', "Conv2D 'conv_1': kernel 5×5 does not fit input 3×3.", "Use padding 'same' or a kernel up to 3.", 2],
    [
      { kernel: 9, padding: 1 },
      'C1 H8 W5',
      "Conv2D 'conv_1': kernel 9×9 does not fit input 8×5 with padding 1.",
      "Use padding 'same' or a kernel up to 7.",
      2,
    ],
    [
      { kernel: 3, dilation: 4 },
      'C1 H8 W8',
      "Conv2D 'conv_1': kernel 3×3, spread over 9 by its dilation, does not fit input 8×8.",
      "Use padding 'same' or a kernel up to 2.",
      2,
    ],
    [{ kernel: [2, 7] }, 'C1 H8 W5', "Conv2D 'conv_1': kernel 2×7 does not fit input 8×5.", "Use padding 'same' or a kernel up to 2×5.", 2],
    [
      { groups: 4 },
      'C6 H8 W8',
      "Conv2D 'conv_1': 4 groups do not divide the 6 channels from input_1.",
      'Use a number of groups that divides channels and filters, up to 2.',
      2,
    ],
    [
      { filters: 9, groups: 2 },
      'C6 H8 W8',
      "Conv2D 'conv_1': 2 groups do not divide its 9 filters.",
      'Use a number of groups that divides channels and filters, up to 3.',
      2,
    ],
    [
      {},
      'F784',
      'conv_1 expects images (B × channels × height × width), got B × 784 from input_1.',
      'Connect conv_1 to an Input of images, or before the Flatten.',
      1,
    ],
  ];
  it.each(mistakes)('%j refuses %s', (params, image, message, hint, fixes) => {
    const problem = conv2d.inferShape(context(params, image));
    expect(problem).toMatchObject({ message, hint });
    expect(isShapeProblem(problem) ? (problem.fixes?.length ?? 0) : NaN).toBe(fixes);
  });

  it('opens documents of version 1', () => {
    const lifted = (padding?: string) => conv2d.upgrade?.({ filters: 6, ...(padding === undefined ? {} : { padding }) }, 1);
    expect([lifted(), lifted('valid'), lifted('2'), lifted('same')]).toEqual([
      { filters: 6 },
      { filters: 6 },
      { filters: 6, padding: 2 },
      { filters: 6, padding: 'same' },
    ]);
  });

  it('counts weights and work', () => {
    const lenet = context({ filters: 16, kernel: 5 }, 'C6 H14 W14');
    expect(conv2d.weights(lenet).map(({ shape }) => shape)).toEqual([[16, 6, 5, 5], [16]]);
    expect(conv2d.weights(lenet)[0]?.initialiser).toEqual({ kind: 'uniform', bound: 1 / Math.sqrt(150) });
    expect(conv2d.flops?.(lenet)).toBe(2 * 150 * 16 * 100);
  });

  it('gives a problem at its edge, with fixes that work, in a document', () => {
    const document = chain('small', [
      ['input', { shape: '1 × 3 × 3' }],
      ['conv2d', { kernel: 5 }],
    ]);
    const { problems } = inferShapes(document, null);
    expect(problems[0]).toMatchObject({
      where: { kind: 'node', node: 'n2' },
      fixes: [
        { node: 'n2', param: 'padding', value: 'same' },
        { node: 'n2', param: 'kernel', value: 3 },
      ],
    });
  });
});

const others: readonly (LayerCheck & { readonly name: string })[] = [
  { name: 'plain', type: 'conv1d', params: { filters: 3 }, inputs: ['T5 F2'], shape: 'B × 3 × 3', fixtures: ['conv1d', 'conv1d same'] },
  {
    name: 'causal',
    type: 'conv1d',
    params: { filters: 2, kernel: 2, dilation: 2, padding: 'causal' },
    inputs: ['T5 F2'],
    shape: 'B × 5 × 2',
    fixtures: ['conv1d causal', 'conv1d strided, dilated'],
  },
  {
    name: 'grouped',
    type: 'conv1d',
    params: { filters: 4, kernel: 2, groups: 2 },
    inputs: ['T4 F4'],
    shape: 'B × 3 × 4',
    fixtures: ['conv1d grouped', 'conv1d depthwise'],
  },
  {
    name: 'of volumes',
    type: 'conv3d',
    params: { filters: 2, kernel: 2 },
    inputs: ['C1 D3 H2 W3'],
    shape: 'B × 2 × 2 × 1 × 2',
    fixtures: ['conv3d', 'conv3d strided'],
  },
  {
    name: 'transposed',
    type: 'convTranspose2d',
    params: { filters: 2 },
    inputs: ['C2 H2 W2'],
    shape: 'B × 2 × 4 × 4',
    fixtures: ['convTranspose2d', 'convTranspose2d rectangular'],
  },
  {
    name: 'transposed, strided',
    type: 'convTranspose2d',
    params: { filters: 2, kernel: 3, stride: 2, padding: 1, outputPadding: 1, groups: 2 },
    inputs: ['C2 H2 W3'],
    shape: 'B × 2 × 4 × 6',
    fixtures: ['convTranspose2d strided', 'convTranspose2d with output padding', 'convTranspose2d grouped'],
  },
  {
    name: 'transposed',
    type: 'convTranspose1d',
    params: { filters: 2, stride: 2 },
    inputs: ['T3 F2'],
    shape: 'B × 7 × 2',
    fixtures: ['convTranspose1d', 'convTranspose1d grouped'],
  },
];

it.each(others)('$type $name passes the battery', async ({ name: _name, ...check }) => {
  await checkLayer(check);
});

it.each([
  ['conv1d', { padding: 3, kernel: 9 }, '2 × 5', "Conv1D 'conv1d_1': kernel 9 does not fit input 2 with padding 3."],
  ['conv1d', {}, '1 × 8 × 8', 'conv1d_1 expects sequences (B × time × features), got B × 1 × 8 × 8 from input_1.'],
  ['conv3d', {}, '1 × 8 × 8', 'conv3d_1 expects volumes (B × channels × depth × height × width), got B × 1 × 8 × 8 from input_1.'],
  [
    'convTranspose2d',
    { outputPadding: 1 },
    '1 × 8 × 8',
    "ConvTranspose2D 'conv_transpose2d_1': output padding 1 should be less than the stride or the dilation, 1.",
  ],
  ['convTranspose2d', { padding: 2 }, '1 × 2 × 2', "ConvTranspose2D 'conv_transpose2d_1': padding 2 cuts off all of the 4×4 values."],
])('%s %j refuses %s', (type, params, shape, message) => {
  const document = chain('small', [
    ['input', { shape }],
    [type, params],
  ]);
  expect(inferShapes(document, null).problems[0]).toMatchObject({ message });
});

it.each([
  ['conv1d', '24', '24 × 1', 'B × 22 × 32'],
  ['conv1d', '1 × 28 × 20', '28 × 20', 'B × 26 × 32'],
  ['conv2d', '784', '1 × 28 × 28', 'B × 32 × 26 × 26'],
  ['conv2d', '12 × 5', '1 × 12 × 5', 'B × 32 × 10 × 3'],
])('%s of %s is offered a Reshape that works', (type, shape, wanted, result) => {
  const document = chain('small', [
    ['input', { shape }],
    [type, {}],
  ]);
  const fix = inferShapes(document, null).problems[0]?.fixes?.[0];
  expect(fix).toMatchObject({ kind: 'insertAfter', layer: 'reshape', params: { shape: wanted } });
  const mended = inferShapes(applyFix(document, fix!), null);
  expect(mended.problems).toEqual([]);
  expect(formatShape(mended.nodes.get('n2')?.output ?? [])).toBe(result);
});
