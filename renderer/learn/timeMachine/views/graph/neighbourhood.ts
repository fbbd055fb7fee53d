/** Which nodes of a graph are drawn: all of a small one, of a large one those around the node that is looked at. */
import type { Edge } from './graphData.ts';

export const mostNodes = 200;

/** Steps from every node to the centre along the edges, in the order they are met; at most `most` nodes and `hops` steps. */
export function distancesTo(edges: readonly Edge[], centre: number, hops: number, most = mostNodes): Map<number, number> {
  const into = new Map<number, number[]>();
  for (const { from, to } of edges) into.set(to, [...(into.get(to) ?? []), from]);
  const found = new Map([[centre, 0]]);
  for (const [node, distance] of found) {
    if (distance >= hops) break;
    for (const from of into.get(node) ?? []) if (found.size < most && !found.has(from)) found.set(from, distance + 1);
  }
  return found;
}

export function shownNodes(edges: readonly Edge[], count: number, centre: number, hops: number): number[] {
  if (count <= mostNodes) return Array.from({ length: count }, (_, i) => i);
  return [...distancesTo(edges, centre, hops).keys()].sort((a, b) => a - b);
}

/** The first node that something arrives at. */
export const firstNode = (edges: readonly Edge[]): number => edges.reduce((least, { to }) => Math.min(least, to), edges[0]?.to ?? 0);
