import { describe, expect, it } from 'vitest';
import { createRandom } from '../random/philox.ts';
import { drawWeights } from './draw.ts';
import { initialisers, isInitialiserName } from './index.ts';

const [fanIn, fanOut] = [200, 300];
const draws = (name: keyof typeof initialisers): Float32Array =>
  drawWeights(initialisers[name].start(fanIn, fanOut), [fanOut, fanIn], createRandom(3, 5));

function moments(values: Float32Array): { mean: number; deviation: number; kurtosis: number; largest: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const about = (power: number): number => values.reduce((sum, value) => sum + (value - mean) ** power, 0) / values.length;
  return {
    mean,
    deviation: Math.sqrt(about(2)),
    kurtosis: about(4) / about(2) ** 2,
    largest: values.reduce((a, b) => Math.max(a, Math.abs(b)), 0),
  };
}

/** Standard deviation of a normal cut off at two deviations, by its own. */
const cutDeviation = 0.8796256610342398;

describe.each([
  ['xavierUniform', Math.sqrt(2 / 500), 1.8],
  ['xavierNormal', Math.sqrt(2 / 500), 3],
  ['heUniform', 0.1, 1.8],
  ['heNormal', 0.1, 3],
  ['lecunUniform', Math.sqrt(1 / 200), 1.8],
  ['lecunNormal', Math.sqrt(1 / 200), 3],
  ['normal', 0.02, 3],
  ['truncatedNormal', 0.02 * cutDeviation, 2.37],
  ['uniform', 0.05 / Math.sqrt(3), 1.8],
] as const)('%s', (name, deviation, kurtosis) => {
  it('has the spread and the shape it says', () => {
    // 60,000 draws: the mean's own deviation is 0.4 %, the deviation's 0.3 %, the kurtosis' 0.02.
    const got = moments(draws(name));
    expect(Math.abs(got.mean)).toBeLessThan(0.02 * deviation);
    expect(got.deviation / deviation).toBeCloseTo(1, 1.7);
    expect(Math.abs(got.kurtosis - kurtosis)).toBeLessThan(0.1);
    if (kurtosis === 1.8) expect(got.largest).toBeLessThanOrEqual(Math.fround(deviation * Math.sqrt(3) * 1.0000001));
  });

  it('is drawn from the seed', () => {
    expect(draws(name)).toEqual(draws(name));
    expect(drawWeights(initialisers[name].start(fanIn, fanOut), [2, 3], createRandom(4, 5))).not.toEqual(
      drawWeights(initialisers[name].start(fanIn, fanOut), [2, 3], createRandom(3, 5)),
    );
  });
});

it('no truncated draw is beyond two deviations', () => expect(moments(draws('truncatedNormal')).largest).toBeLessThanOrEqual(0.04));

it.each([
  [[8, 20], 'rows'],
  [[20, 8], 'columns'],
  [[6, 2, 3, 3], 'rows'],
  [[12, 12], 'both'],
] as [number[], string][])('orthogonal %j has orthonormal %s', (shape) => {
  const [rows = 1] = shape;
  const values = drawWeights(initialisers.orthogonal.start(), shape, createRandom(1, 1));
  const columns = values.length / rows;
  const count = Math.min(rows, columns);
  const at = (vector: number, k: number): number => values[rows <= columns ? vector * columns + k : k * columns + vector]!;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j <= i; j++) {
      let dot = 0;
      for (let k = 0; k < Math.max(rows, columns); k++) dot += at(i, k) * at(j, k);
      expect(dot).toBeCloseTo(i === j ? 1 : 0, 6);
    }
  }
});

it.each([
  ['zeros', 0],
  ['ones', 1],
  ['constant', 0.1],
] as const)('%s is the same everywhere', (name, value) => expect(new Set(draws(name))).toEqual(new Set([Math.fround(value)])));

it('each says which activation it suits, and its source', () => {
  for (const { doc, source } of Object.values(initialisers)) {
    expect(doc).toContain('Suits ');
    expect(source).toMatch(/\d{4}/);
  }
  expect(isInitialiserName('default')).toBe(false);
});
