/** Edge lists as the graph layers want them: pairs of node indices, both directions of an undirected edge present. */

/**
 * Every edge in both directions, sorted by target and then source, without duplicates and self-loops: layers that need
 * a self-loop add it themselves, and sums over a node's incoming edges read one run of the list.
 * @param edges (E, 2) source and target
 * @returns (E', 2)
 */
export function mirroredEdges(edges: Int32Array, nodeCount: number): Int32Array {
  return uniqueEdges(edges, nodeCount, true);
}

/** The same for a directed graph: each edge once, in its own direction. */
export function directedEdges(edges: Int32Array, nodeCount: number): Int32Array {
  return uniqueEdges(edges, nodeCount, false);
}

function uniqueEdges(edges: Int32Array, nodeCount: number, mirror: boolean): Int32Array {
  // Target first, so that the numbers sort as the edges should; below 2^53 for up to 94 million nodes.
  const keys = new Float64Array(mirror ? edges.length : edges.length / 2);
  let count = 0;
  for (let i = 0; i < edges.length; i += 2) {
    const source = nodeAt(edges, i, nodeCount);
    const target = nodeAt(edges, i + 1, nodeCount);
    if (source === target) continue;
    keys[count++] = target * nodeCount + source;
    if (mirror) keys[count++] = source * nodeCount + target;
  }
  const sorted = keys.subarray(0, count).sort();
  const out = new Int32Array(2 * count);
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const key = sorted[i]!;
    if (i > 0 && key === sorted[i - 1]) continue;
    out[2 * kept] = key % nodeCount;
    out[2 * kept + 1] = Math.floor(key / nodeCount);
    kept++;
  }
  return out.slice(0, 2 * kept);
}

function nodeAt(edges: Int32Array, at: number, nodeCount: number): number {
  const node = edges[at]!;
  if (node < 0 || node >= nodeCount) throw new Error(`edge ${Math.floor(at / 2)} names node ${node} of ${nodeCount}`);
  return node;
}

/** Edges that end at each node; equal to the number of neighbours where both directions are listed. */
export function inDegrees(edges: Int32Array, nodeCount: number): Int32Array {
  const degrees = new Int32Array(nodeCount);
  for (let i = 0; i < edges.length; i += 2) degrees[nodeAt(edges, i + 1, nodeCount)]!++;
  return degrees;
}

/** Share of edges whose ends have the same class; a graph network beats one that sees single nodes where it is high. */
export function edgeHomophily(edges: Int32Array, classes: Int32Array): number {
  let same = 0;
  for (let i = 0; i < edges.length; i += 2) if (classes[edges[i]!] === classes[edges[i + 1]!]) same++;
  return edges.length === 0 ? 0 : same / (edges.length / 2);
}
