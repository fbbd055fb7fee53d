import { describe, expect, it } from 'vitest';
import { compareFeatures, drawPixelGaussian, pickRows, type FeatureSet } from './compareImages.ts';
import { createRandom } from '../random/philox.ts';

describe('images of independent pixels', () => {
  it('have each pixel’s mean and deviation', () => {
    const bytes = Uint8Array.from({ length: 3 * 200 }, (_, i) =>
      i % 3 === 0 ? 100 + (Math.floor(i / 3) % 2) * 20 : i % 3 === 1 ? 7 : 255,
    );
    const { bytes: drawn, count } = drawPixelGaussian({ shape: [1, 1, 3], count: 200, bytes }, 2000, 1);
    expect(count).toBe(2000);
    const first = Array.from({ length: 2000 }, (_, i) => drawn[3 * i]!);
    const mean = first.reduce((sum, value) => sum + value, 0) / 2000;
    const deviation = Math.sqrt(first.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 2000);
    expect(Math.abs(mean - 110)).toBeLessThan(1);
    expect(Math.abs(deviation - 10)).toBeLessThan(0.7);
    expect(drawn.filter((_, i) => i % 3 === 1).every((value) => value === 7)).toBe(true);
    expect(drawn.filter((_, i) => i % 3 === 2).every((value) => value === 255)).toBe(true);
  });
});

describe('a comparison', () => {
  const random = createRandom(1, 1);
  const set = (shift: number, predicted: number[]): FeatureSet => ({
    units: 2,
    features: Float32Array.from({ length: 400 }, () => random.normal() + shift),
    predicted: Int32Array.from(predicted),
  });

  it('is near what the shift makes of it, and counts the classes', () => {
    const sets = { samples: set(1, [0, 0, 0, 1]), gaussian: set(3, []), training: set(0, []), test: set(0, []) };
    const compared = compareFeatures(sets, ['a', 'b', 'c']);
    expect(Math.abs(compared.frechet - 2)).toBeLessThan(0.6);
    expect(Math.abs(compared.gaussianFrechet - 18)).toBeLessThan(2);
    expect(compared.trainingFrechet).toBeLessThan(0.2);
    expect(compared).toMatchObject({
      classes: { a: 0.75, b: 0.25, c: 0 },
      leastShare: 0,
      ratio: compared.frechet / compared.gaussianFrechet,
    });
  });

  it('takes no row twice', () => {
    const rows = pickRows(
      Int32Array.from({ length: 50 }, (_, i) => i),
      20,
      3,
    );
    expect(new Set(rows).size).toBe(20);
  });
});
