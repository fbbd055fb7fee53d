/**
 * What a graph layer's moment shows on nodes and along edges. Edges are read from the values `sources` and `targets` that
 * the layers name: an edge that ends behind the last node carries nothing (padding, or from a node to itself).
 */
import type { LayerStage, TensorRef } from '../../../../../core/explain/stages.ts';
import type { Moment, Shown } from '../../moments.ts';
import type { Numbers } from '../../machine.svelte.ts';

export const graphLayers: ReadonlySet<string> = new Set(['gcn', 'gat', 'gin', 'graphSage']);
const alongEdges: ReadonlySet<string> = new Set(['messages', 'edgeScores', 'attention']);
const kinds: ReadonlySet<Moment['kind']> = new Set(['arrives', 'inside', 'gives', 'incoming', 'insideGradient', 'inputGradient']);

export const isGraphMoment = ({ type, kind }: Moment): boolean => graphLayers.has(type) && kinds.has(kind);

export interface Edge {
  /** Its row in what travels along edges. */
  readonly index: number;
  readonly from: number;
  readonly to: number;
}

export interface GraphParts {
  /** Nodes of the batch. */
  readonly count: number;
  readonly sources: TensorRef;
  readonly targets: TensorRef;
  /** (e, ...) or, where every node also hears itself, (e + n, ...). */
  readonly messages?: TensorRef;
  /** (n, ...) what the messages become at their end. */
  readonly arrived?: TensorRef;
}

export function graphOf({ inputs, inside }: LayerStage): GraphParts | undefined {
  const find = (name: string) => inside.find((ref) => ref.name === name);
  const [sources, targets, messages] = [find('sources'), find('targets'), find('messages')];
  const arrived = find('collected') ?? find('aggregated');
  const [batch = 1, nodes = 0] = inputs[0]?.shape ?? [];
  if (sources === undefined || targets === undefined) return undefined;
  return { count: batch * nodes, sources, targets, ...(messages && { messages }), ...(arrived && { arrived }) };
}

export function edgesOf(sources: Numbers, targets: Numbers, count: number): Edge[] {
  const edges: Edge[] = [];
  for (let index = 0; index < targets.length; index++) {
    const [from, to] = [sources[index]!, targets[index]!];
    if (to < count && from !== to) edges.push({ index, from, to });
  }
  return edges;
}

/** What stands at nodes and what travels along edges in a moment. */
export function placesOf(parts: GraphParts, moment: Moment): { readonly nodes?: Shown; readonly edges?: Shown } {
  const shown = moment.shown[0];
  if (shown === undefined) return {};
  if (alongEdges.has(shown.ref.name)) return { edges: shown };
  const { messages } = parts;
  const travels = ['sent', 'aggregated', 'collected'].includes(shown.ref.name) && messages !== undefined;
  if (!travels || (shown.as === 'gradient' && messages.gradient === undefined)) return { nodes: shown };
  // What nodes send travels in the next moment; backwards it has come along the edges before.
  if (shown.ref.name === 'sent' && shown.as === 'value') return { nodes: shown };
  return { nodes: shown, edges: { ref: messages, as: shown.as } };
}

export const readId = ({ ref, as }: Shown): number | undefined => (as === 'value' ? ref.id : ref.gradient);

/** Numbers of one row: `feature` of it, or their Euclidean norm. */
export function rowNumber(numbers: Numbers, row: number, width: number, feature: number | 'norm'): number {
  if (feature !== 'norm') return numbers[row * width + Math.min(feature, width - 1)] ?? 0;
  let sum = 0;
  for (let k = 0; k < width; k++) sum += numbers[row * width + k]! ** 2;
  return Math.sqrt(sum);
}

/** Numbers per row of a value whose rows are nodes or edges. */
export const widthOf = (ref: TensorRef, rows: number): number => Math.max(1, ref.shape.reduce((all, n) => all * n, 1) / Math.max(1, rows));

/** (e) or (e + n): rows of what travels along edges. */
export const edgeRows = ({ shape }: TensorRef): number => shape[0] ?? 0;

export interface Term {
  /** Its row in what travels. */
  readonly index: number;
  /** The node at the other end; the same node where it hears itself. */
  readonly other: number;
}

/** What arrives at a node, or leaves it; a node's own message stands behind the edges. */
export function termsOf(edges: readonly Edge[], node: number, end: 'to' | 'from', edgeCount: number, rows: number): Term[] {
  const other = end === 'to' ? 'from' : 'to';
  const own = rows > edgeCount ? [{ index: edgeCount + node, other: node }] : [];
  return [...edges.filter((edge) => edge[end] === node).map((edge) => ({ index: edge.index, other: edge[other] })), ...own];
}

/** How the terms become the number that arrives: the one of sum, mean and maximum that gives it, if any does. */
export function joinOf(terms: readonly number[], arrived: number): 'sum' | 'mean' | 'max' | undefined {
  const sum = terms.reduce((all, term) => all + term, 0);
  const scale = terms.reduce((most, term) => Math.max(most, Math.abs(term)), 1e-6);
  const isIt = (value: number) => Math.abs(value - arrived) <= 1e-5 * scale * Math.max(1, terms.length);
  if (isIt(sum)) return 'sum';
  if (terms.length > 0 && isIt(sum / terms.length)) return 'mean';
  return terms.length > 0 && isIt(Math.max(...terms)) ? 'max' : undefined;
}
