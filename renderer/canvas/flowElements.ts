/**
 * The document as the drawing library wants it. Elements that did not change keep their identity, so that an edit
 * redraws only what it touches.
 */
import { Position, type Edge as FlowEdgeBase, type Node as FlowNodeBase } from '@xyflow/svelte';
import { inputCountOf } from '../../core/graph/blocks.ts';
import type { EdgeId, LayerNode, NetworkDocument, NodeId } from '../../core/graph/document.ts';
import type { NetworkShapes } from '../../core/graph/inferShapes.ts';
import { formatShape } from '../../core/graph/shape.ts';
import { block as blockLayer } from '../../core/layers/block.ts';
import { findLayer, resolveParams } from '../../core/layers/index.ts';
import { text } from '../text.ts';
import { blockText } from './blockText.ts';
import { formatCount, noValue } from '../ui/format.ts';
import { familyColour } from './families.ts';
import { handleSize, nodeHeight, nodeWidth } from './layout.ts';

export interface NodeFace extends Record<string, unknown> {
  readonly name: string;
  readonly summary: string;
  /** Right of the name: the parameter count, or which end of the network it is. */
  readonly figure: string;
  readonly colour: string;
  /** Its share of the network's parameters, drawn as a bar: 0 to 1. */
  readonly bar: number;
  readonly problem: boolean;
  /** 0 for a layer; how often a block stands behind itself. */
  readonly repeat: number;
  readonly frozen: boolean;
  readonly hasInput: boolean;
  readonly hasOutput: boolean;
  /** Changed by the fix that is being previewed. */
  readonly previewed: boolean;
}

export interface EdgeFace extends Record<string, unknown> {
  /** `B × 6 × 28 × 28`; empty where another edge from the same layer says it already. */
  readonly shape: string;
  readonly problem: boolean;
  /** Where it ends along the top of a layer with several inputs, canvas pixels from the middle. */
  readonly endShift: number;
}

export type FlowNode = FlowNodeBase<NodeFace, 'layer'>;
export type FlowEdge = FlowEdgeBase<EdgeFace, 'shape'>;

const target = {
  type: 'target' as const,
  position: Position.Top,
  x: nodeWidth / 2 - handleSize / 2,
  y: -handleSize / 2,
  width: handleSize,
  height: handleSize,
};
const source = {
  type: 'source' as const,
  position: Position.Bottom,
  x: nodeWidth / 2 - handleSize / 2,
  y: nodeHeight - handleSize / 2,
  width: handleSize,
  height: handleSize,
};

export interface DrawnState {
  readonly document: NetworkDocument;
  readonly shapes: NetworkShapes;
  readonly selectedNodes: ReadonlySet<NodeId>;
  readonly selectedEdges: ReadonlySet<EdgeId>;
  /** The document before the previewed fix. */
  readonly unpreviewed?: NetworkDocument;
}

/** In the order the data flows, so that Tab walks the same way. */
export function drawNodes(state: DrawnState, old: readonly FlowNode[]): FlowNode[] {
  const { document, shapes, selectedNodes, unpreviewed } = state;
  const known = new Map(old.map((node) => [node.id, node]));
  const before = new Map(unpreviewed?.nodes.map((node) => [node.id, node]));
  const most = Math.max(1, ...[...shapes.nodes.values()].map((node) => node.parameters));
  const rank = new Map(shapes.order.map((id, index) => [id, index]));
  const ordered = [...document.nodes].sort((a, b) => (rank.get(a.id) ?? Infinity) - (rank.get(b.id) ?? Infinity) || 0);
  return ordered.map((node) => {
    const face = faceOf(node, document, shapes, most, unpreviewed !== undefined && before.get(node.id) !== node);
    const previous = known.get(node.id);
    const selected = selectedNodes.has(node.id);
    // While it is dragged the node is where the pointer has it.
    const position = previous?.dragging ? previous.position : node.position;
    if (
      previous !== undefined &&
      previous.selected === selected &&
      previous.position.x === position.x &&
      previous.position.y === position.y &&
      sameFace(previous.data, face)
    ) {
      return previous;
    }
    return {
      ...previous,
      id: node.id,
      type: 'layer',
      position,
      selected,
      data: previous !== undefined && sameFace(previous.data, face) ? previous.data : face,
      width: nodeWidth,
      height: nodeHeight,
      handles: [...(face.hasInput ? [target] : []), ...(face.hasOutput ? [source] : [])],
      ariaLabel: describeNode(node, shapes),
    };
  });
}

function faceOf(node: LayerNode, document: NetworkDocument, shapes: NetworkShapes, most: number, previewed: boolean): NodeFace {
  const layer = findLayer(node.type);
  const inferred = shapes.nodes.get(node.id);
  const parameters = inferred?.parameters ?? 0;
  return {
    name: node.name,
    summary:
      inferred?.summary === layer?.title || !inferred?.summary ? (layer?.title ?? node.type) : titled(layer?.title, node, inferred.summary),
    figure:
      node.type === 'input' || node.type === 'output' || node.type === 'blockInput' || node.type === 'blockOutput'
        ? (layer?.title.toLowerCase() ?? '')
        : inferred?.output === undefined
          ? noValue
          : formatCount(parameters),
    colour: familyColour(layer?.family ?? 'structure'),
    bar: Math.sqrt(parameters / most),
    problem: (inferred?.problems.length ?? 0) > 0,
    repeat: node.type === 'block' ? resolveParams(blockLayer, node.params).repeat : 0,
    frozen: node.frozen === true,
    hasInput: inputCountOf(document, node).max > 0,
    hasOutput: layer?.hasOutput ?? true,
    previewed,
  };
}

/** The kind of layer is said where the name does not say it. */
function titled(title: string | undefined, node: LayerNode, summary: string): string {
  const plain = (word: string) => word.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (
    title === undefined ||
    plain(node.name).startsWith(plain(title)) ||
    plain(summary).startsWith(plain(title)) ||
    node.type === 'input' ||
    node.type.startsWith('block')
  )
    return summary;
  return `${title} · ${summary}`;
}

function sameFace(a: NodeFace, b: NodeFace): boolean {
  return (Object.keys(b) as (keyof NodeFace)[]).every((key) => a[key] === b[key]);
}

function describeNode(node: LayerNode, shapes: NetworkShapes): string {
  const inferred = shapes.nodes.get(node.id);
  const problem = inferred?.problems[0];
  if (problem !== undefined) return text.build.nodeProblem(node.name, problem.message);
  return text.build.node(
    node.name,
    findLayer(node.type)?.title ?? node.type,
    [inferred?.summary ?? '', ...(node.type === 'block' ? [blockText.spoken(resolveParams(blockLayer, node.params).repeat)] : [])].join(
      ', ',
    ),
    inferred?.output === undefined ? '' : formatShape(inferred.output),
  );
}

export function drawEdges(state: DrawnState, old: readonly FlowEdge[]): FlowEdge[] {
  const { document, shapes, selectedEdges } = state;
  const known = new Map(old.map((edge) => [edge.id, edge]));
  const names = new Map(document.nodes.map((node) => [node.id, node.name]));
  const inputs = new Map<NodeId, number>();
  for (const edge of document.edges) inputs.set(edge.to, Math.max(inputs.get(edge.to) ?? 0, edge.toPort + 1));
  const labelled = new Set<NodeId>();
  return document.edges
    .filter((edge) => names.has(edge.from) && names.has(edge.to))
    .map((edge) => {
      const inferred = shapes.edges.get(edge.id);
      const problem = inferred?.problem !== undefined;
      const spoken = inferred?.shape === undefined ? '–' : formatShape(inferred.shape);
      const shape = labelled.has(edge.from) && !problem ? '' : spoken;
      labelled.add(edge.from);
      const count = inputs.get(edge.to) ?? 1;
      const endShift = count > 1 ? (edge.toPort - (count - 1) / 2) * Math.min(40, (nodeWidth - 40) / count) : 0;
      const selected = selectedEdges.has(edge.id);
      const previous = known.get(edge.id);
      if (
        previous?.data !== undefined &&
        previous.selected === selected &&
        previous.source === edge.from &&
        previous.target === edge.to &&
        previous.data.shape === shape &&
        previous.data.problem === problem &&
        previous.data.endShift === endShift
      )
        return previous;
      return {
        id: edge.id,
        type: 'shape',
        source: edge.from,
        target: edge.to,
        selected,
        data: { shape, problem, endShift },
        ariaLabel: text.build.edge(names.get(edge.from)!, names.get(edge.to)!, spoken),
      };
    });
}
