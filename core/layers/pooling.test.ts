import { describe, expect, it } from 'vitest';
import { inferShapes } from '../graph/inferShapes.ts';
import { uniqueName } from '../graph/names.ts';
import { chain } from '../graph/starterNetwork.ts';
import { checkLayer, type LayerCheck } from '../testing/checkLayer.ts';

const pools: readonly (Omit<LayerCheck, 'type'> & { readonly name: string })[] = [
  { name: '', inputs: ['C2 H4 W6'], shape: 'B × 2 × 2 × 3' },
  { name: ' overlapping', params: { kernel: 3, stride: 2, padding: 1 }, inputs: ['C1 H6 W5'], shape: 'B × 1 × 3 × 3' },
  { name: ' with a rest', inputs: ['C1 H5 W7'], shape: 'B × 1 × 2 × 3' },
  { name: ' rectangular', params: { kernel: [3, 2], stride: [1, 2], padding: [1, 0] }, inputs: ['C1 H4 W4'], shape: 'B × 1 × 4 × 2' },
  {
    name: ' that keeps the rest',
    params: { kernel: 3, stride: [2, 3], padding: 1, ceilMode: true },
    inputs: ['C1 H6 W5'],
    shape: 'B × 1 × 4 × 2',
  },
];

describe.each(['maxPool2d', 'avgPool2d'])('%s', (type) => {
  it.each(pools)('passes the battery:$name', async ({ name, ...check }) => {
    await checkLayer({ type, fixtures: [`${type}${name}`], ...check });
  });

  it('refuses what does not fit', () => {
    const problemOf = (params: Record<string, number>, shape = '1 × 3 × 5') =>
      inferShapes(
        chain('small', [
          ['input', { shape }],
          [type, params],
        ]),
        null,
      ).problems[0];
    const title = type === 'maxPool2d' ? 'MaxPool2D' : 'AvgPool2D';
    expect(problemOf({ kernel: 4 })).toMatchObject({
      message: `${title} '${uniqueName(type, new Set())}': kernel 4×4 does not fit input 3×5.`,
      hint: 'Use a kernel up to 3.',
      fixes: [{ node: 'n2', param: 'kernel', value: 3 }],
    });
    expect(problemOf({ kernel: 3, padding: 2 })).toMatchObject({ hint: 'Use a padding up to 1.', fixes: [{ param: 'padding', value: 1 }] });
    expect(problemOf({}, '12')?.message).toContain('expects images');
  });
});

it('MaxPool2D gives the gradient to the first of equal maxima', async () => {
  const fixtures = ['maxPool2d of equal values', 'maxPool2d of equal values, overlapping'];
  await checkLayer({ type: 'maxPool2d', inputs: ['C1 H4 W4'], shape: 'B × 1 × 2 × 2', fixtures });
});

describe.each(['maxPool1d', 'avgPool1d'])('%s', (type) => {
  it('passes the battery', async () => {
    await checkLayer({ type, params: { kernel: 3, padding: 1 }, inputs: ['T5 F2'], shape: 'B × 3 × 2', fixtures: [type] });
    const fixtures = [`${type} that keeps the rest`];
    await checkLayer({ type, params: { stride: 3, ceilMode: true }, inputs: ['T6 F1'], shape: 'B × 2 × 1', fixtures });
  });
});

it('AvgPool2D of real values passes the battery', async () => {
  const fixtures = ['avgPool2d of real values', 'avgPool2d of real values that keeps the rest'];
  const params = { kernel: 3, padding: 1, countIncludePad: false };
  await checkLayer({ type: 'avgPool2d', params, inputs: ['C1 H3 W4'], shape: 'B × 1 × 2 × 2', fixtures });
});

it.each<LayerCheck>([
  { type: 'globalMaxPool2d', inputs: ['C3 H2 W4'], shape: 'B × 3', fixtures: ['globalMaxPool2d', 'globalMaxPool2d of equal values'] },
  { type: 'globalAvgPool1d', inputs: ['T4 F3'], shape: 'B × 3', fixtures: ['globalAvgPool1d'] },
  { type: 'globalMaxPool1d', inputs: ['T4 F3'], shape: 'B × 3', fixtures: ['globalMaxPool1d'] },
  {
    type: 'adaptiveAvgPool2d',
    params: { size: [2, 3] },
    inputs: ['C1 H4 W4'],
    shape: 'B × 1 × 2 × 3',
    fixtures: ['adaptiveAvgPool2d', 'adaptiveAvgPool2d to more'],
  },
  { type: 'adaptiveAvgPool1d', params: { size: 3 }, inputs: ['T5 F2'], shape: 'B × 3 × 2', fixtures: ['adaptiveAvgPool1d'] },
])('$type passes the battery', async (check) => {
  await checkLayer(check);
});

it('GlobalAvgPool2D passes the battery', async () => {
  await checkLayer({ type: 'globalAvgPool2d', inputs: ['C3 H2 W4'], shape: 'B × 3', fixtures: ['globalAvgPool2d'] });
});
