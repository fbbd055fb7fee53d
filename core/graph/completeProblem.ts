/** A layer's refusal becomes a Problem with its place, and with fixes that only the graph around it knows. */
import type { DataRole } from '../data/dataSet.ts';
import type { ShapeProblem } from '../layers/defineLayer.ts';
import { findLayer, resolveParams } from '../layers/index.ts';
import type { Problem, ProblemFix } from '../problem.ts';
import type { Edge, EdgeId, LayerNode } from './document.ts';
import type { Graph } from './walk.ts';

/** Fills in the place and, in the fixes, the ids that a layer's shape rule can't know. */
export function completeProblem(
  refusal: ShapeProblem,
  node: LayerNode,
  incoming: readonly Edge[],
  graph: Graph,
  role: DataRole | undefined,
): Problem {
  const { port = 0, fixes = [], ...rest } = refusal;
  const edge = incoming[port]?.id ?? '';
  const completed = fixes.map((fix): ProblemFix => {
    if (fix.kind === 'insertAfter' || fix.kind === 'removeEdge') return fix.edge === '' ? { ...fix, edge } : fix;
    if (fix.kind === 'setConfig' || fix.kind === 'connect' || fix.kind === 'setWeightsOf') return fix;
    return fix.node === '' ? { ...fix, node: node.id } : fix;
  });
  if (refusal.code === 'output.units' && role !== undefined)
    completed.push(unitsFix(node, edge, role.shape.at(-1)?.size ?? 1, incoming, graph));
  const returnFix = returnsFix(refusal.code, node, incoming[port], graph);
  if (returnFix !== undefined) completed.unshift(returnFix);
  return { ...rest, where: { kind: 'node', node: node.id }, ...(completed.length > 0 ? { fixes: completed } : {}) };
}

/** Set the Dense that decides how many units arrive; where there is none, insert one. */
function unitsFix(node: LayerNode, edge: EdgeId, units: number, incoming: readonly Edge[], graph: Graph): ProblemFix {
  const count = `${units} ${units === 1 ? 'unit' : 'units'}`;
  for (let from = incoming[0]?.from; from !== undefined;) {
    const source = graph.nodes.get(from);
    if (source === undefined) break;
    if (source.type === 'dense')
      return { kind: 'setParam', label: `Set ${source.name} to ${count}`, node: source.id, param: 'units', value: units };
    const family = findLayer(source.type)?.family;
    if (family !== 'activation' && family !== 'regularisation') break;
    from = graph.incoming.get(from)?.[0]?.from;
  }
  return { kind: 'insertAfter', label: `Insert a Dense with ${count} before ${node.name}`, edge, layer: 'dense', params: { units } };
}

/** Where a recurrent layer returns something else than what is expected of it: let it return that. */
function returnsFix(code: string, node: LayerNode, edge: Edge | undefined, graph: Graph): ProblemFix | undefined {
  const value = code === 'shape.sequence' ? 'sequence' : code === 'recurrent.state' ? 'state' : undefined;
  const source = edge === undefined ? undefined : graph.nodes.get(edge.from);
  if (value === undefined || source === undefined || findLayer(source.type)?.family !== 'recurrent') return undefined;
  if (source.params.returns === value || (value === 'state' && !fitsState(source, node))) return undefined;
  const what = value === 'state' ? 'its whole state' : 'its whole sequence';
  return { kind: 'setParam', label: `Let ${source.name} return ${what}`, node: source.id, param: 'returns', value };
}

/** Whether the whole state of one recurrent layer is one that the other can start from. */
function fitsState(source: LayerNode, node: LayerNode): boolean {
  const [from, to] = [source, node].map(({ type, params }) => {
    const definition = findLayer(type);
    const resolved: Readonly<Record<string, unknown>> = definition === undefined ? {} : resolveParams(definition, params);
    return Number(resolved.units) * Number(resolved.layers) * (resolved.bidirectional === true ? 2 : 1);
  });
  return from === to && (source.type !== 'lstm' || node.type === 'lstm');
}
