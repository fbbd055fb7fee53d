/** When the nodes of a loop body are computed: the same on every engine that emits them. */
import type { AxisId, LoopBody, LoopNode, NodeId } from './loopBody.ts';

/** Where a node is computed: in a phase at a depth of its loops, or once per row after so many phases. */
export interface Region {
  readonly phase: number | undefined;
  readonly depth: number;
  readonly after: number;
  /** The same for all elements along the vector axis. */
  readonly isUniform: boolean;
}

export function placeNodes({ nodes, phases, vector }: LoopBody, laneAxis: AxisId | undefined): Region[] {
  const axisOfPhase = new Map<AxisId, { phase: number; depth: number }>();
  phases.forEach((axes, phase) => axes.forEach((axis, i) => axisOfPhase.set(axis, { phase, depth: i + 1 })));
  const axes: Set<AxisId>[] = [];
  const regions: Region[] = [];
  for (const node of nodes) {
    const own = new Set<AxisId>();
    let after = node.op === 'load' ? (node.after ?? 0) : 0;
    const inputs = [...('inputs' in node ? node.inputs : []), ...(node.op === 'load' && node.row !== undefined ? [node.row.node] : [])];
    if ('at' in node) for (const [axis] of node.at.terms) own.add(axis);
    for (const input of inputs) {
      for (const axis of axes[input]!) own.add(axis);
      after = Math.max(after, regions[input]!.after);
    }
    if (node.op === 'tile' && laneAxis !== undefined) own.add(laneAxis);
    if (node.op === 'reduce') {
      for (const axis of phases[node.phase]!) own.delete(axis);
      // Sums of rows that go four at a time are kept as such.
      if (laneAxis !== undefined) own.add(laneAxis);
      after = node.phase + 1;
    }
    axes.push(own);
    let phase: number | undefined;
    let depth = 0;
    for (const axis of own) {
      const place = axisOfPhase.get(axis);
      if (place === undefined) continue;
      phase = place.phase;
      depth = Math.max(depth, place.depth);
    }
    const along = vector === 'outer' ? laneAxis : phase === undefined ? undefined : phases[phase]!.at(-1);
    regions.push({ phase, depth, after, isUniform: along === undefined || !own.has(along) });
  }
  return regions;
}

export function isComparison(node: LoopNode): boolean {
  return node.op === 'binary' && (node.fn === 'equal' || node.fn === 'less' || node.fn === 'lessEqual');
}

/** Comparisons that only choose in selects are never turned into numbers. */
export function comparisonsInSelects({ nodes, stores }: LoopBody): Set<NodeId> {
  const skipped = new Set<NodeId>();
  nodes.forEach((node, id) => {
    if (isComparison(node)) skipped.add(id);
  });
  nodes.forEach((node) => {
    if ('inputs' in node) node.inputs.forEach((input, i) => (node.op === 'select' && i === 0 ? undefined : skipped.delete(input)));
    if (node.op === 'load' && node.row !== undefined) skipped.delete(node.row.node);
  });
  for (const { node } of stores) skipped.delete(node);
  return skipped;
}
