import { expect, it } from 'vitest';
import { checkFixture, checkLayer, readShape } from '../testing/checkLayer.ts';
import { activations } from './activationMath.ts';
import type { Initialiser } from './defineLayer.ts';
import { dense } from './dense.ts';
import { resolveParams } from './index.ts';

it('passes the battery', async () => {
  await checkLayer({
    type: 'dense',
    params: { units: 4 },
    inputs: ['F5'],
    shape: 'B × 4',
    fixtures: ['dense', 'dense without bias', 'dense on a sequence'],
  });
  await checkLayer({ type: 'dense', params: { units: 4, activation: 'gelu', bias: false }, inputs: ['T3 F5'], shape: 'B × 3 × 4' });
});

it.each(Object.keys(activations).filter((name) => name !== 'linear'))('with activation %s equals PyTorch', async (name) => {
  await checkFixture(`dense with ${name}`, dense);
});

it('starts its weights as chosen', () => {
  const start = (initialiser: string): Initialiser[] =>
    dense
      .weights({ params: resolveParams(dense, { units: 50, initialiser }), inputs: [readShape('F100')], inputNames: ['x'], name: 'd' })
      .map((weight) => weight.initialiser);
  const zeros = { kind: 'zeros' };
  expect(start('default')).toEqual([
    { kind: 'uniform', bound: 0.1 },
    { kind: 'uniform', bound: 0.1 },
  ]);
  expect(start('xavierUniform')).toEqual([{ kind: 'uniform', bound: 0.2 }, zeros]);
  expect(start('xavierNormal')).toEqual([{ kind: 'normal', standardDeviation: Math.sqrt(2 / 150) }, zeros]);
  expect(start('heUniform')).toEqual([{ kind: 'uniform', bound: Math.sqrt(0.06) }, zeros]);
  expect(start('heNormal')).toEqual([{ kind: 'normal', standardDeviation: Math.sqrt(0.02) }, zeros]);
  expect(start('normal')).toEqual([{ kind: 'normal', standardDeviation: 0.02 }, zeros]);
  expect(start('zeros')).toEqual([zeros, zeros]);
});
