import { describe, expect, it } from 'vitest';
import { summariseColumn } from './summary.ts';

const numbers = (values: number[]) =>
  summariseColumn({
    info: { name: 'x', type: 'number', missing: values.filter(Number.isNaN).length },
    type: 'number',
    values: Float64Array.from(values),
  });

describe('summariseColumn', () => {
  it('describes numbers and leaves gaps out', () => {
    const summary = numbers([1, NaN, 2.5, 4, 2.5]);
    expect(summary).toMatchObject({ column: 'x', missing: 1, distinct: 3, mean: 2.5, median: 2.5, standardDeviation: Math.sqrt(4.5 / 4) });
    expect(summary.bins!.reduce((sum, bin) => sum + bin.count, 0)).toBe(4);
    expect(summary.bins!.at(0)!.from).toBe(1);
    expect(summary.bins!.at(-1)!.to).toBe(4);
  });

  it('gives few whole numbers a bin each', () => {
    expect(numbers([0, 1, 1, 3]).bins).toEqual([
      { from: -0.5, to: 0.5, count: 1 },
      { from: 0.5, to: 1.5, count: 2 },
      { from: 1.5, to: 2.5, count: 0 },
      { from: 2.5, to: 3.5, count: 1 },
    ]);
  });

  it('describes one value and none', () => {
    expect(numbers([7, 7]).bins).toEqual([{ from: 7, to: 7, count: 2 }]);
    expect(numbers([NaN])).toEqual({ column: 'x', missing: 1, distinct: 0 });
    expect(numbers([1, 2]).median).toBe(1.5);
  });

  it('counts categories and texts, the most frequent first', () => {
    const info = { name: 'c', missing: 1 };
    expect(
      summariseColumn({
        info: { ...info, type: 'category', categories: ['a', 'b', 'never'] },
        type: 'category',
        values: Int32Array.of(0, 1, 1, -1),
      }),
    ).toEqual({
      column: 'c',
      missing: 1,
      distinct: 2,
      counts: [
        { category: 'b', count: 2 },
        { category: 'a', count: 1 },
        { category: 'never', count: 0 },
      ],
    });
    expect(summariseColumn({ info: { ...info, type: 'text' }, type: 'text', values: ['x', '', 'y', 'y'] })).toEqual({
      column: 'c',
      missing: 1,
      distinct: 2,
      counts: [
        { category: 'y', count: 2 },
        { category: 'x', count: 1 },
      ],
    });
  });

  it('describes the numbers of vectors and the sizes of graphs', () => {
    const info = { name: 'v', missing: 0 };
    const vectors = summariseColumn({
      info: { ...info, type: 'vector', vectorSize: 2 },
      type: 'vector',
      values: Float32Array.of(0, 1, 1, 1),
    });
    expect(vectors).toMatchObject({ distinct: 2, mean: 0.75 });
    const graphs = summariseColumn({
      info: { ...info, type: 'graph', graph: { nodes: 4, edges: 0, features: 0 } },
      type: 'graph',
      values: { nodeCounts: Int32Array.of(2, 4), edgeCounts: new Int32Array(2), features: new Float32Array(0), edges: new Int32Array(0) },
    });
    expect(graphs).toMatchObject({ distinct: 2, mean: 3 });
  });

  it('describes gray levels', () => {
    const summary = summariseColumn({
      info: { name: 'image', type: 'image', missing: 0 },
      type: 'image',
      values: Uint8Array.of(0, 0, 255, 255),
    });
    expect(summary).toMatchObject({ distinct: 2, mean: 127.5, standardDeviation: 127.5 });
    expect(summary.bins!.map((bin) => bin.count)).toEqual([2, ...new Array<number>(14).fill(0), 2]);
  });
});
