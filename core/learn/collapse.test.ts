import { describe, expect, it } from 'vitest';
import { createRandom } from '../random/philox.ts';
import { drawWeights } from '../initialisers/draw.ts';
import { applyAll, applyLinear, collapse, largestDifference, type LinearLayer } from './collapse.ts';

function stack(sizes: readonly number[], seed: number): LinearLayer[] {
  const draw = (shape: readonly number[], stream: number) =>
    drawWeights({ kind: 'normal', standardDeviation: 0.5 }, shape, createRandom(seed, stream));
  return sizes.slice(1).map((units, i) => {
    const inputs = sizes[i]!;
    return { name: `layer ${i}`, weight: draw([units, inputs], 2 * i), bias: draw([units], 2 * i + 1), units, inputs };
  });
}

describe('linear layers', () => {
  it.each([[[5, 3]], [[4, 7, 2]], [[64, 32, 16, 10]], [[3, 1, 9, 4, 6]]])('of sizes %j collapse into one with equal outputs', (sizes) => {
    const layers = stack(sizes, 4);
    const one = collapse(layers);
    expect([one.units, one.inputs, one.weight.length]).toEqual([sizes.at(-1), sizes[0], sizes.at(-1)! * sizes[0]!]);
    for (let sample = 0; sample < 8; sample++) {
      const x = drawWeights({ kind: 'normal', standardDeviation: 1 }, [sizes[0]!], createRandom(9, sample));
      expect(largestDifference(applyLinear(one, x), applyAll(layers, x))).toBeLessThan(1e-10);
    }
  });

  it('that do not fit say which', () => {
    const [first] = stack([3, 2], 1);
    const [second] = stack([5, 2], 1);
    expect(() => collapse([first!, { ...second!, name: 'dense_2' }])).toThrow('dense_2 takes 5 numbers, got 2');
  });
});
