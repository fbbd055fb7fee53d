/** Draws documents of the zoo: layer after layer, blocks first, the arrangement at the end. */
import type { BlockId, GraphParts, LayerNode, NetworkDocument, NodeId, ParamValues } from '../graph/document.ts';
import { addNode, connect, rowHeight, setWeightsOf } from '../graph/edit.ts';
import { nextBlockId } from '../graph/names.ts';
import { emptyDocument } from '../graph/parseDocument.ts';
import { readGraph, topologicalOrder } from '../graph/walk.ts';

/** Where the first column stands, and the distance from one to the next, in canvas pixels. */
const left = 160;
const top = 40;
const columnWidth = 268;

export interface StepOptions {
  /** Where its inputs come from, in port order; the step before where absent. */
  readonly from?: NodeId | readonly NodeId[];
  readonly name?: string;
  /** Uses the weights of this node. */
  readonly weightsOf?: NodeId;
}

/** One graph under the pen. */
export interface Sketch {
  /** Adds a layer behind the one before it. @returns its id, for branches */
  add(type: string, params?: ParamValues, options?: StepOptions): NodeId;
  /** Puts a block there. */
  block(id: BlockId, options?: StepOptions & { readonly repeat?: number }): NodeId;
  /** The last node that was added. */
  last(): NodeId;
}

export interface Drawing extends Sketch {
  /** Defines a block with one input: `draw` gets its id and leaves with the last layer. */
  define(name: string, draw: (sketch: Sketch, input: NodeId) => void): BlockId;
  /** A block with several inputs. */
  defineWith(name: string, inputs: readonly string[], draw: (sketch: Sketch, inputs: readonly NodeId[]) => void): BlockId;
  /** Adds the Output and arranges everything. */
  finish(): NetworkDocument;
}

/** @param shape of one sample where no data set is chosen, as Input takes it: `3 × 224 × 224`, `1024 tokens` */
export function drawing(name: string, shape: string): Drawing {
  let document = emptyDocument(name);
  const pen = sketch(
    () => document,
    (changed) => (document = changed),
  );
  pen.add('input', { shape }, { from: [] });
  const defineWith: Drawing['defineWith'] = (title, inputs, draw) => {
    let view: NetworkDocument = { ...document, nodes: [], edges: [] };
    const inner = sketch(
      () => view,
      (changed) => (view = changed),
    );
    const ids = inputs.map((input) => inner.add('blockInput', {}, { from: [], name: input }));
    draw(inner, ids);
    inner.add('blockOutput', {}, { name: 'out' });
    const id = nextBlockId(document);
    document = { ...document, blocks: [...document.blocks, { id, name: title, ...arrange(view) }] };
    return id;
  };
  return {
    ...pen,
    defineWith,
    define: (title, draw) => defineWith(title, ['in'], (inner, [input]) => draw(inner, input ?? '')),
    finish() {
      pen.add('output');
      return { ...document, ...arrange(document) };
    },
  };
}

function sketch(read: () => NetworkDocument, write: (document: NetworkDocument) => void): Sketch {
  let last: NodeId | undefined;
  const put = (type: string, params: ParamValues, { from, name, weightsOf }: StepOptions, block?: BlockId): NodeId => {
    const sources = from === undefined ? (last === undefined ? [] : [last]) : typeof from === 'string' ? [from] : from;
    const added = addNode(read(), {
      type,
      params,
      position: { x: 0, y: 0 },
      ...(name === undefined ? {} : { name }),
      ...(block === undefined ? {} : { block }),
    });
    const { id } = added.node;
    const connected = sources.reduce((drawn, source, port) => connect(drawn, source, id, port), added.document);
    write(weightsOf === undefined ? connected : setWeightsOf(connected, id, weightsOf));
    return (last = id);
  };
  return {
    add: (type, params = {}, options = {}) => put(type, params, options),
    block: (id, { repeat = 1, ...options } = {}) => put('block', { repeat }, options, id),
    last: () => last ?? '',
  };
}

/** One row for each step of the longest path; what stands in one row is side by side, in order. */
function arrange({ nodes, edges }: GraphParts): GraphParts {
  const graph = readGraph({ nodes, edges });
  const rows = new Map<NodeId, number>();
  for (const id of topologicalOrder({ nodes, edges }, graph)) {
    rows.set(id, Math.max(0, ...(graph.incoming.get(id) ?? []).map((edge) => (rows.get(edge.from) ?? 0) + 1)));
  }
  const widths = new Map<number, number>();
  const placed = nodes.map((node): LayerNode => {
    const row = rows.get(node.id) ?? 0;
    const column = widths.get(row) ?? 0;
    widths.set(row, column + 1);
    return { ...node, position: { x: left + column * columnWidth, y: top + row * rowHeight } };
  });
  return { nodes: placed, edges };
}
