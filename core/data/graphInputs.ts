/**
 * A column of many graphs as three inputs: nodes, edges and node counts. Every graph is padded to the largest and one node
 * more; edges that a graph lacks lead from that last node to itself, where they disturb nobody.
 */
import type { Column, ColumnInfo, DataRole } from './dataSet.ts';
import { mirroredEdges } from './graph.ts';
import type { PreparedRole } from './prepared.ts';
import { batchDim, dim, edgesShape } from '../graph/shape.ts';

export interface PlannedGraphs {
  readonly column: ColumnInfo;
  readonly nodes: DataRole;
  readonly edges: DataRole;
  readonly counts: DataRole;
}

export function planGraphs(column: ColumnInfo): PlannedGraphs {
  const { nodes, edges, features } = column.graph ?? { nodes: 0, edges: 0, features: 0 };
  const width = Math.max(1, features);
  return {
    column,
    nodes: {
      name: 'nodes',
      kind: 'input',
      shape: [batchDim, dim('N', nodes + 1), dim('F', width)],
      description: `up to ${nodes} nodes with ${width} ${width === 1 ? 'feature' : 'features'}`,
    },
    edges: {
      name: 'edges',
      kind: 'input',
      shape: edgesShape(2 * edges),
      description: `up to ${2 * edges} edges, from and to`,
    },
    counts: { name: 'node counts', kind: 'input', shape: [batchDim, dim('F', 1)], description: 'how many nodes each graph has' },
  };
}

export function prepareGraphs({ column, nodes, edges, counts }: PlannedGraphs, stored: Column): PreparedRole[] {
  if (stored.type !== 'graph' || column.graph === undefined) throw new Error(`column "${column.name}" holds no graphs`);
  const { nodeCounts, edgeCounts, features, edges: listed } = stored.values;
  const { nodes: most, edges: mostEdges, features: own } = column.graph;
  const rows = nodeCounts.length;
  const [padded, places] = [most + 1, 2 * mostEdges];
  const width = Math.max(1, own);
  const nodeValues = new Float32Array(rows * padded * width);
  const edgeValues = new Int32Array(rows * places * 2).fill(most);
  for (let row = 0; row < rows; row++) {
    const count = nodeCounts[row]!;
    if (own === 0) nodeValues.fill(1, row * padded, row * padded + count);
    else nodeValues.set(features.subarray(row * most * own, (row * most + count) * own), row * padded * width);
    const from = row * mostEdges * 2;
    edgeValues.set(mirroredEdges(listed.subarray(from, from + 2 * edgeCounts[row]!), count), row * places * 2);
  }
  return [
    { role: nodes, dtype: 'f32', rowShape: [padded, width], values: nodeValues },
    { role: edges, dtype: 'i32', rowShape: [places, 2], values: edgeValues },
    { role: counts, dtype: 'f32', rowShape: [1], values: Float32Array.from(nodeCounts) },
  ];
}
