import { describe, expect, it } from 'vitest';
import { inferShapes } from '../graph/inferShapes.ts';
import { chain } from '../graph/starterNetwork.ts';
import { checkLayer, type LayerCheck } from '../testing/checkLayer.ts';

type Case = Omit<LayerCheck, 'type'>;
const both = (name: string) => [`${name}, train`, `${name}, evaluate`];

describe('BatchNorm', () => {
  const cases: readonly Case[] = [
    { inputs: ['F3'], shape: 'B × 3', fixtures: both('batchNorm of features') },
    { inputs: ['C2 H2 W3'], shape: 'B × 2 × 2 × 3', params: { momentum: 0.4 }, fixtures: both('batchNorm of images') },
    { inputs: ['T3 F2'], shape: 'B × 3 × 2', params: { affine: false }, fixtures: both('batchNorm of a sequence') },
  ];
  it.each(cases)('of $inputs passes the battery in both modes', async (check) => {
    await checkLayer({ type: 'batchNorm', ...check, mode: 'train' });
    await checkLayer({ type: 'batchNorm', ...check, mode: 'evaluate', fixtures: [] });
  });
});

it('RMSNorm passes the battery', async () => {
  await checkLayer({ type: 'rmsNorm', inputs: ['F5'], shape: 'B × 5', fixtures: ['rmsNorm', 'rmsNorm on a sequence'] });
});

describe('GroupNorm', () => {
  const cases: readonly Case[] = [
    { inputs: ['C4 H2 W2'], shape: 'B × 4 × 2 × 2', params: { groups: 2 }, fixtures: ['groupNorm'] },
    { inputs: ['T3 F4'], shape: 'B × 3 × 4', params: { groups: 2, affine: false }, fixtures: ['groupNorm of a sequence'] },
    { inputs: ['F6'], shape: 'B × 6', params: { groups: 2 }, fixtures: ['groupNorm of features'] },
  ];
  it.each(cases)('of $inputs passes the battery', async (check) => {
    await checkLayer({ type: 'groupNorm', ...check });
  });
});

it('InstanceNorm passes the battery', async () => {
  await checkLayer({ type: 'instanceNorm', inputs: ['C2 H2 W3'], shape: 'B × 2 × 2 × 3', fixtures: ['instanceNorm'] });
  const fixtures = ['instanceNorm of a sequence'];
  await checkLayer({ type: 'instanceNorm', params: { affine: true }, inputs: ['T3 F2'], shape: 'B × 3 × 2', fixtures });
});

it('refuses what it cannot normalise, with a way out', () => {
  const problemOf = (shape: string, type: string, params: Record<string, number> = {}) =>
    inferShapes(
      chain('small', [
        ['input', { shape }],
        [type, params],
      ]),
      null,
    ).problems[0];
  expect(problemOf('6 × 4 × 4', 'groupNorm', { groups: 4 })).toMatchObject({
    message: "GroupNorm 'group_norm_1': 4 groups do not divide the 6 channels from input_1.",
    fixes: [{ kind: 'setParam', param: 'groups', value: 3 }],
  });
  expect(problemOf('6', 'instanceNorm')).toMatchObject({
    message: 'instance_norm_1 expects images (B × channels × height × width) or sequences (B × time × features), got B × 6 from input_1.',
    fixes: [{ kind: 'insertAfter', layer: 'layerNorm' }],
  });
});
