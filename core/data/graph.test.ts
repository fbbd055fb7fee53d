import { describe, expect, it } from 'vitest';
import { directedEdges, edgeHomophily, inDegrees, mirroredEdges } from './graph.ts';

describe('edges', () => {
  const edges = Int32Array.of(0, 1, 2, 1, 1, 2, 3, 3, 0, 1);

  it('are mirrored, without duplicates and self-loops, sorted by target', () => {
    expect([...mirroredEdges(edges, 4)]).toEqual([1, 0, 0, 1, 2, 1, 1, 2]);
    expect([...directedEdges(edges, 4)]).toEqual([0, 1, 2, 1, 1, 2]);
    expect([...mirroredEdges(new Int32Array(0), 4)]).toEqual([]);
    expect([...mirroredEdges(mirroredEdges(edges, 4), 4)]).toEqual([...mirroredEdges(edges, 4)]);
  });

  it('give every node its degree', () => {
    expect([...inDegrees(mirroredEdges(edges, 4), 4)]).toEqual([1, 2, 1, 0]);
  });

  it('tell how often neighbours share a class', () => {
    expect(edgeHomophily(Int32Array.of(0, 1, 1, 2, 2, 3, 3, 0), Int32Array.of(0, 0, 1, 1))).toBe(0.5);
    expect(edgeHomophily(new Int32Array(0), Int32Array.of(0))).toBe(0);
  });

  it('must name nodes that exist', () => {
    expect(() => mirroredEdges(Int32Array.of(0, 4), 4)).toThrow('edge 0 names node 4 of 4');
    expect(() => inDegrees(Int32Array.of(0, 1, 0, -1), 4)).toThrow('edge 1 names node -1 of 4');
  });
});
