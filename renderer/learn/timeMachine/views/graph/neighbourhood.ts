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

/** @param padded the graph has edges that carry nothing: nodes behind the last that an edge touches are padding, too */
export function shownNodes(edges: readonly Edge[], count: number, centre: number, hops: number, padded = false): number[] {
  const real = padded ? edges.reduce((most, { from, to }) => Math.max(most, from + 1, to + 1), centre + 1) : count;
  if (real <= mostNodes) return Array.from({ length: real }, (_, i) => i);
  return [...distancesTo(edges, centre, hops).keys()].sort((a, b) => a - b);
}

/** The node that most arrives at. */
export function busiestNode(edges: readonly Edge[]): number {
  const arriving = new Map<number, number>();
  for (const { to } of edges) arriving.set(to, (arriving.get(to) ?? 0) + 1);
  return [...arriving].reduce((best, own) => (own[1] > best[1] ? own : best), [0, 0])[0];
}
