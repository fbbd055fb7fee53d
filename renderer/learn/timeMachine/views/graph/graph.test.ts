import { describe, expect, it } from 'vitest';
import { edgeMapOf, heardBy } from './edgeMap.ts';
import { edgePath } from './edgePath.ts';
import { edgesOf, joinOf, rowNumber, termsOf } from './graphData.ts';
import { layoutGraph, nodeTowards } from './layout.ts';
import { busiestNode, distancesTo, shownNodes } from './neighbourhood.ts';

/** 0 → 1 → 2 → 3, 0 → 2, and two edges that carry nothing. */
const edges = edgesOf(Int32Array.of(0, 1, 2, 0, 3, 0), Int32Array.of(1, 2, 3, 2, 4, 4), 4);

describe('a graph that is looked at', () => {
  it('leaves out edges that end at no node', () => {
    expect(edges.map(({ from, to }) => `${from}>${to}`)).toEqual(['0>1', '1>2', '2>3', '0>2']);
  });

  it('lists what arrives, a node’s own message behind the edges', () => {
    expect(termsOf(edges, 2, 'to', 6, 6)).toEqual([{ index: 1, other: 1 }, { index: 3, other: 0 }]); // prettier-ignore
    expect(termsOf(edges, 0, 'from', 6, 10).at(-1)).toEqual({ index: 6, other: 0 });
  });

  it('says how messages are joined, and not where they are not', () => {
    expect(joinOf([1, 2, 4], 7)).toBe('sum');
    expect(joinOf([1, 2, 6], 3)).toBe('mean');
    expect(joinOf([1, 2, 6], 6)).toBe('max');
    expect(joinOf([1, 2, 6], 5)).toBeUndefined();
    expect(joinOf([], 0)).toBe('sum');
  });

  it('takes one feature of a row, or its norm', () => {
    expect(rowNumber(Float32Array.of(1, 2, 3, 4), 1, 2, 1)).toBe(4);
    expect(rowNumber(Float32Array.of(1, 2, 3, 4), 1, 2, 'norm')).toBe(5);
  });

  it('counts hops against the edges', () => {
    expect([...distancesTo(edges, 3, 2)]).toEqual([[3, 0], [2, 1], [1, 2], [0, 2]]); // prettier-ignore
    expect([...distancesTo(edges, 3, 1).keys()]).toEqual([3, 2]);
    expect(busiestNode(edges)).toBe(2);
    expect(shownNodes(edges, 4, 3, 1)).toEqual([0, 1, 2, 3]);
    expect(shownNodes(edges, 6, 3, 1)).toHaveLength(6);
    expect(shownNodes(edges, 6, 1, 1, true)).toEqual([0, 1, 2, 3]);
    expect(shownNodes(edges, 500, 3, 1)).toEqual([2, 3]);
  });
});

describe('attention as a map', () => {
  /** Two heads: each edge's number is its row, and a hundred more in the second. */
  const values = Float32Array.from({ length: 2 * (6 + 4) }, (_, i) => Math.floor(i / 2) + 100 * (i % 2) + 1);
  const map = edgeMapOf(values, { nodes: [1, 2, 3], edges, edgeCount: 6, heads: 2, head: 1 });

  it('has every edge at its end and its start, and each node’s own', () => {
    expect([...map.rows]).toEqual([7, -1, -1, 1, 8, -1, -1, 2, 9]);
    expect([...map.numbers]).toEqual([108, 0, 0, 102, 109, 0, 0, 103, 110]);
  });

  it('lists whom a node listens to', () => {
    expect(heardBy(map, 1)).toEqual([{ column: 1, cell: 4, number: 109 }, { column: 0, cell: 3, number: 102 }]); // prettier-ignore
  });
});

describe('places of nodes', () => {
  const ring = Array.from({ length: 12 }, (_, i) => ({ from: i, to: (i + 1) % 12 }));
  const nodes = ring.map(({ from }) => from);

  it('are the same every time, within the frame and apart', () => {
    const places = layoutGraph(nodes, ring);
    expect(layoutGraph(nodes, ring)).toEqual(places);
    for (const [i, a] of places.entries()) {
      expect(Math.min(a.x, a.y)).toBeGreaterThanOrEqual(0);
      expect(Math.max(a.x, a.y)).toBeLessThanOrEqual(1);
      for (const b of places.slice(i + 1)) expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(0.08);
    }
    expect(layoutGraph([7], [])).toEqual([{ x: 0.5, y: 0.5 }]);
  });

  it('bring what is connected together', () => {
    const places = layoutGraph(nodes, ring);
    const length = (a: number, b: number) => Math.hypot(places[a]!.x - places[b]!.x, places[a]!.y - places[b]!.y);
    expect(length(0, 1)).toBeLessThan(length(0, 6));
  });

  it('can be walked', () => {
    const places = new Map([[0, { x: 0, y: 0 }], [1, { x: 1, y: 0.1 }], [2, { x: 0, y: 1 }]]); // prettier-ignore
    expect(nodeTowards(places, 0, [1, 0])).toBe(1);
    expect(nodeTowards(places, 0, [0, 1])).toBe(2);
    expect(nodeTowards(places, 0, [-1, 0])).toBeUndefined();
  });

  it('are joined by a bent line', () => {
    expect(edgePath({ x: 0, y: 0 }, { x: 100, y: 0 }, 10)).toMatch(/^M9\.\d,[\d.]+ Q50,12 90\.\d,[\d.]+$/);
  });
});
