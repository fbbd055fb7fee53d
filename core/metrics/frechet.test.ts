import { describe, expect, it } from 'vitest';
import { createRandom } from '../random/philox.ts';
import fixture from './fixtures/frechet.json' with { type: 'json' };
import { frechetDistance, momentsOf, squareRoot, symmetricEigen } from './frechet.ts';

describe('the Fréchet distance', () => {
  it.each(fixture.cases)("equals NumPy's and SciPy's: $name", ({ size, first, second, distance, mean, covariance }) => {
    const [a, b] = [momentsOf(first, size), momentsOf(second, size)];
    a.mean.forEach((value, k) => expect(Math.abs(value - mean[k]!)).toBeLessThan(1e-12 * Math.max(1, Math.abs(value))));
    a.covariance.forEach((value, k) => expect(Math.abs(value - covariance[k]!)).toBeLessThan(1e-12 * Math.max(1, Math.abs(value))));
    expect(Math.abs(frechetDistance(a, b) - distance)).toBeLessThan(1e-6 * Math.max(1, distance));
    expect(frechetDistance(b, a)).toBeCloseTo(frechetDistance(a, b), 8);
    expect(frechetDistance(a, a)).toBeLessThan(1e-7);
  });

  it('is the squared distance of the means where only they differ', () => {
    const random = createRandom(1, 1);
    const points = Float64Array.from({ length: 300 }, () => random.normal());
    const moved = points.map((value, i) => value + (i % 3 === 0 ? 2 : 0));
    expect(frechetDistance(momentsOf(points, 3), momentsOf(moved, 3))).toBeCloseTo(4, 8);
  });
});

describe('eigenvalues of a symmetric matrix', () => {
  it('give it back, and its square root squared too', () => {
    const size = 20;
    const random = createRandom(7, 1);
    const { covariance } = momentsOf(
      Float64Array.from({ length: 12 * size }, () => random.normal()),
      size,
    );
    const { values, vectors } = symmetricEigen(covariance, size);
    const root = squareRoot(covariance, size);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        let [sum, square] = [0, 0];
        for (let k = 0; k < size; k++) {
          sum += vectors[i * size + k]! * values[k]! * vectors[j * size + k]!;
          square += root[i * size + k]! * root[k * size + j]!;
        }
        expect(sum).toBeCloseTo(covariance[i * size + j]!, 12);
        expect(square).toBeCloseTo(covariance[i * size + j]!, 7);
      }
    }
  });
});
