import { describe, expect, it } from 'vitest';
import { denseLayer, placeIn, column } from './dense.ts';
import { plotOf } from './plot.ts';
import { activationCurve } from './curve.ts';
import { largestProducts } from '../layerParts.ts';
import type { LayerStage, TensorRef } from '../../../../../core/explain/stages.ts';

const ref = (id: number, name: string, shape: readonly number[]): TensorRef => ({ id, name, shape, dtype: 'f32' });
const stage: LayerStage = {
  node: 'd',
  name: 'd',
  type: 'dense',
  params: {},
  inputNodes: ['in'],
  inputs: [ref(1, 'output', [2, 5, 3])],
  weights: [
    { ...ref(2, 'weight', [4, 3]), slot: 'd/weight' },
    { ...ref(3, 'bias', [4]), slot: 'd/bias' },
  ],
  inside: [ref(4, 'preActivation', [2, 5, 4])],
  output: ref(5, 'output', [2, 5, 4]),
};

describe('a dense layer', () => {
  const layer = denseLayer(stage)!;

  it('is a matrix over rows of samples and tokens', () => {
    expect(layer).toMatchObject({ features: 3, units: 4, rows: 10, z: { id: 4 }, y: { id: 5 } });
  });

  it('knows where a chosen number stands', () => {
    expect(placeIn(layer, { value: 2, element: 7 })).toEqual({ unit: 2, input: 1 });
    expect(placeIn(layer, { value: 3, element: 1 })).toEqual({ unit: 1 });
    expect(placeIn(layer, { value: 4, element: 9 })).toEqual({ unit: 1, row: 2 });
    expect(placeIn(layer, { value: 1, element: 5 })).toEqual({ input: 2, row: 1 });
    expect(placeIn(layer, { value: 99, element: 5 })).toEqual({});
    expect(placeIn(layer, null)).toEqual({});
  });

  it('without an activation gives its sums', () => {
    expect(denseLayer({ ...stage, inside: [] })!.z.id).toBe(5);
  });

  it('lists the largest products and sums the rest', () => {
    const { terms, restCount, restSum } = largestProducts([1, -2, 3, 0.5], [1, 4, 1, 1], 2);
    expect(terms.map(({ index, product }) => [index, product])).toEqual([
      [1, -8],
      [2, 3],
    ]);
    expect([restCount, restSum]).toEqual([2, 1.5]);
  });

  it('cuts one unit out of all rows', () => {
    expect([...column([0, 1, 2, 3, 4, 5], 1, 3)]).toEqual([1, 4]);
  });
});

describe('the curve of an activation', () => {
  it('is that of its op rules', () => {
    const { x, y } = activationCurve('tanh', -2, 2, 5)!;
    expect([...x]).toEqual([-2, -1, 0, 1, 2]);
    Array.from(y).forEach((value, i) => expect(value).toBeCloseTo(Math.tanh(x[i]!), 6));
    expect(Array.from(activationCurve('relu', -1, 1, 3)!.y)).toEqual([0, 0, 1]);
    expect(Array.from(activationCurve('linear', -1, 1, 3)!.y)).toEqual([-1, 0, 1]);
  });

  it('does not exist for a softmax', () => {
    expect(activationCurve('softmax', -1, 1)).toBeUndefined();
  });
});

describe('a plot', () => {
  it('has x around 0 and all of y', () => {
    const plot = plotOf({ width: 120, height: 120 }, 5, [0.5, 1, NaN]);
    expect([plot.x(-5), plot.x(0), plot.x(5)]).toEqual([10, 60, 110]);
    expect([plot.y(0), plot.y(1)]).toEqual([110, 10]);
  });
});
