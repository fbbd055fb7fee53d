/**
 * What graph layers share: which shapes they take, and how messages travel along edges. Graphs come in batches: nodes
 * (B, N, F) and edges (B, E, 2) of i32 pairs from, to; both directions are listed where edges have none. An edge from a
 * node to itself carries no message: so padding does no harm, and layers that need self-loops add their own.
 */
import { dim, formatShape, type Shape } from '../graph/shape.ts';
import type { ReduceFn } from '../program/program.ts';
import type { Builder, Value } from '../program/builder.ts';
import type { LayerContext, ShapeProblem } from './defineLayer.ts';
import { isEdges } from './helpers.ts';

export const graphPorts = ['nodes', 'edges', 'edge features'] as const;

export const unitsParam = {
  kind: 'integer',
  label: 'Units',
  doc: 'Features of every node behind the layer.',
  default: 16,
  min: 1,
  max: 65_536,
  step: 1,
} as const;

/** Nodes, edges and, where they are connected, edge features; `edgeFeatures` says how many of them fit. */
export function requireGraph(
  { inputs, inputNames, name }: LayerContext<unknown>,
  edgeFeatures?: { readonly count: number; readonly what: string },
): ShapeProblem | undefined {
  const [nodes = [], edges = [], features] = inputs;
  const problem = nodesProblem(nodes, inputNames[0], name);
  if (problem !== undefined) return problem;
  if (edges.length !== 3 || edges[1]?.name !== 'E' || edges[2]?.size !== 2) {
    return {
      code: 'graph.edges',
      port: 1,
      message: `${name} expects edges (B × edges × 2) as its second input, got ${formatShape(edges)} from ${inputNames[1]}.`,
      hint: `Connect the Input of the edges there: nodes first, then edges.`,
      fixes: [{ kind: 'removeEdge', label: `Disconnect ${inputNames[1]}`, edge: '' }],
    };
  }
  if (features === undefined) return undefined;
  const wanted = edgeFeatures === undefined ? 'features' : `${edgeFeatures.count}`;
  const fits = features.length === 3 && features[1]?.name === 'E' && !isEdges(features) && features[1].size === edges[1].size;
  if (fits && (edgeFeatures === undefined || features[2]?.size === edgeFeatures.count)) return undefined;
  return {
    code: 'graph.edgeFeatures',
    port: 2,
    message: `${name} expects ${edgeFeatures?.what ?? 'edge features'} (B × ${edges[1].size} × ${wanted}) as its third input, got ${formatShape(features)} from ${inputNames[2]}.`,
    hint: 'Leave the third input free where edges have no features.',
    fixes: [{ kind: 'removeEdge', label: `Disconnect ${inputNames[2]}`, edge: '' }],
  };
}

/** For layers whose first input are the nodes of graphs (B × N × F). */
export function nodesProblem(nodes: Shape, from: string | undefined, name: string): ShapeProblem | undefined {
  if (nodes.length === 3 && nodes[1]?.name === 'N') return undefined;
  return {
    code: 'graph.nodes',
    message: `${name} expects the nodes of graphs (B × nodes × features) as its first input, got ${formatShape(nodes)} from ${from}.`,
    hint: isEdges(nodes) ? 'Connect the nodes first, then the edges.' : `Connect ${name} to an Input of nodes or to another graph layer.`,
    fixes: [{ kind: 'removeEdge', label: `Disconnect ${from}`, edge: '' }],
  };
}

/** The nodes with another number of features. */
export function nodesWith(inputs: readonly Shape[], features: number): Shape {
  return [...(inputs[0] ?? []).slice(0, 2), dim('F', features)];
}

/** Features of a node before the layer. */
export function nodeFeatures(inputs: readonly Shape[]): number {
  return inputs[0]?.[2]?.size ?? 1;
}

/** Features of an edge; 0 where none are connected. */
export function edgeFeatureCount(inputs: readonly Shape[]): number {
  return inputs[2]?.[2]?.size ?? 0;
}

export function countNodesAndEdges(inputs: readonly Shape[]): { nodes: number; edges: number } {
  return { nodes: inputs[0]?.[1]?.size ?? 1, edges: inputs[1]?.[1]?.size ?? 1 };
}

/** All graphs of the batch as one, its nodes numbered through. */
export interface Messages {
  /** Nodes of the batch, n = B · N. */
  readonly count: number;
  /** (e) where each edge starts, e = B · E. */
  readonly sources: Value;
  /** (e) where it ends; edges from a node to itself end at n, a node that is none. */
  readonly targets: Value;
}

export function readMessages(b: Builder, edges: Value, nodeCount: number): Messages {
  const [batch = 1, edgeCount = 1] = edges.shape;
  const all = batch * edgeCount;
  const end = (at: number) => {
    const own = b.reshape(b.slice(edges, 2, at, 1), [batch, edgeCount]);
    // Graph i of the batch has the nodes from i · N on.
    const shifted = batch === 1 ? own : b.add(own, b.multiply(b.iota([batch, edgeCount], 0), nodeCount));
    return b.reshape(shifted, [all]);
  };
  const [sources, ends] = [end(0), end(1)];
  const count = batch * nodeCount;
  const targets = b.select(b.binary('equal', sources, ends), count, ends);
  return { count, sources: b.name(sources, 'sources'), targets: b.name(targets, 'targets') };
}

/** The same with an edge from every node to itself behind the others. */
export function withSelfLoops(b: Builder, { count, sources, targets }: Messages): Messages {
  const loops = b.iota([count], 0);
  return { count, sources: b.concat([sources, loops], 0), targets: b.concat([targets, loops], 0) };
}

/** (e, ...) what travels along each edge → (n, ...) sums or maxima of what arrives at each node; 0 where nothing does. */
export function collect(b: Builder, { count, targets }: Messages, fn: ReduceFn, values: Value): Value {
  return b.slice(b.segmentReduce(fn, values, targets, count + 1), 0, 0, count);
}

/** (n, ...) values of nodes at the end of each edge (e, ...); 0 at the end of edges that carry nothing. */
export function atTargets(b: Builder, { targets }: Messages, values: Value): Value {
  return b.gather(b.pad(values, 0, 0, 1), targets);
}

/** (n, 1) edges that end at each node. */
export function countArriving(b: Builder, messages: Messages): Value {
  return collect(b, messages, 'sum', b.constant(1, [messages.targets.shape[0] ?? 1, 1]));
}

/** (B, N, F) → (n, F) */
export function flattenNodes(b: Builder, nodes: Value): Value {
  const [batch = 1, count = 1, ...rest] = nodes.shape;
  return b.reshape(nodes, [batch * count, ...rest]);
}
