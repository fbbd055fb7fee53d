import { describe, expect, it } from 'vitest';
import { createRandom } from '../random/philox.ts';
import { drawWeights } from '../initialisers/draw.ts';
import { applyDense, applyLinear, collapse, largestDifference, mergeLinear, withoutActivations, type DenseLayer } from './collapse.ts';

function stack(sizes: readonly number[], seed: number, activation: DenseLayer['activation'] = 'linear'): DenseLayer[] {
  const draw = (shape: readonly number[], stream: number) =>
    drawWeights({ kind: 'normal', standardDeviation: 0.5 }, shape, createRandom(seed, stream));
  return sizes.slice(1).map((units, i) => {
    const inputs = sizes[i]!;
    return { name: `layer ${i}`, weight: draw([units, inputs], 2 * i), bias: draw([units], 2 * i + 1), units, inputs, activation };
  });
}

describe('linear layers', () => {
  it.each([[[5, 3]], [[4, 7, 2]], [[64, 32, 16, 10]], [[3, 1, 9, 4, 6]]])('of sizes %j collapse into one with equal outputs', (sizes) => {
    const layers = stack(sizes, 4);
    const one = collapse(layers);
    expect([one.units, one.inputs, one.weight.length]).toEqual([sizes.at(-1), sizes[0], sizes.at(-1)! * sizes[0]!]);
    for (let sample = 0; sample < 8; sample++) {
      const x = drawWeights({ kind: 'normal', standardDeviation: 1 }, [sizes[0]!], createRandom(9, sample));
      expect(largestDifference(applyLinear(one, x), applyDense(layers, x))).toBeLessThan(1e-10);
    }
  });

  it('that do not fit say which', () => {
    const [first] = stack([3, 2], 1);
    const [second] = stack([5, 2], 1);
    expect(() => collapse([first!, { ...second!, name: 'dense_2' }])).toThrow('layer 0 gives 2 numbers, 5 are taken');
  });

  it('merge only where no activation stands between them', () => {
    const layers = stack([6, 9, 7, 5, 3], 2, 'tanh');
    const x = drawWeights({ kind: 'normal', standardDeviation: 1 }, [6], createRandom(9, 0));
    for (const [removed, runs] of [
      [[], ['layer 0', 'layer 1', 'layer 2', 'layer 3']],
      [['layer 1'], ['layer 0', 'layer 1 layer 2', 'layer 3']],
      [
        ['layer 0', 'layer 2'],
        ['layer 0 layer 1', 'layer 2 layer 3'],
      ],
      [['layer 0', 'layer 1', 'layer 2', 'layer 3'], ['layer 0 layer 1 layer 2 layer 3']],
    ] as const) {
      const separate = withoutActivations(layers, new Set<string>(removed));
      const merged = mergeLinear(separate);
      expect(merged.map(({ name }) => name)).toEqual(runs);
      expect(largestDifference(applyDense(merged, x), applyDense(separate, x))).toBeLessThan(1e-10);
      expect(largestDifference(applyDense(separate, x), applyDense(layers, x)) > 1e-3).toBe(removed.length > 0);
      expect(separate.at(-1)!.activation).toBe('tanh');
    }
  });
});
