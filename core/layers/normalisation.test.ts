import { describe, it } from 'vitest';
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
