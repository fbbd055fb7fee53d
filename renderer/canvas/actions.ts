/** What a person can do on the canvas, each as one named, undoable step of the open document. */
import {
  addNode,
  connect,
  copyNodes,
  disconnect,
  insertOnEdge,
  moveNodes,
  newNodeParams,
  pasteNodes,
  removeNodes,
  whyNotConnect,
} from '../../core/graph/edit.ts';
import type { EdgeId, NetworkDocument, NodeId } from '../../core/graph/document.ts';
import { findLayer } from '../../core/layers/index.ts';
import { text } from '../text.ts';
import { notify } from '../workspace/notices.svelte.ts';
import type { OpenDocument } from '../workspace/openDocument.svelte.ts';
import { canvas } from './canvasState.svelte.ts';
import { pieceOf, type Piece } from './pieces.ts';
import { arrangeNodes, freePlace, nodeHeight, nodeWidth, rowGap, type Point } from './layout.ts';

/** Adds a layer or block (a key of pieces.ts) after the selected one, or the open end of the network, and connects it. */
export function addLayer(open: OpenDocument | null, key: string): void {
  const piece = open === null ? null : pieceOf(open, key);
  if (open === null || piece === null) return;
  const { view, layer, title, takesInput } = piece;
  const after = takesInput ? (open.selectedNode ?? openEnd(view)) : null;
  const source = view.nodes.find((node) => node.id === after);
  const outgoing = view.edges.filter((edge) => edge.from === after);
  const hasSource = source !== undefined && findLayer(source.type)?.hasOutput !== false;

  if (hasSource && layer.hasOutput && outgoing.length === 1) {
    const inserted = insertOnEdge(view, outgoing[0]!.id, newNode(piece));
    return finish(open, inserted.document, inserted.node?.id, text.steps.add(title));
  }
  const below = hasSource ? { x: source.position.x, y: source.position.y + rowGap } : startPlace();
  const added = addNode(view, { ...newNode(piece), position: freePlace(view, below) });
  const document = hasSource ? connect(added.document, source.id, added.node.id) : added.document;
  finish(open, document, added.node.id, text.steps.add(title));
}

/** Adds a layer or block with its middle at a point of the canvas, or into the edge it was dropped on. */
export function dropLayer(open: OpenDocument, key: string, at: Point, edge: EdgeId | null): void {
  const piece = pieceOf(open, key);
  if (piece === null) return;
  const { view, layer, title, takesInput } = piece;
  if (edge !== null && layer.hasOutput && takesInput) {
    const inserted = insertOnEdge(view, edge, newNode(piece));
    return finish(open, inserted.document, inserted.node?.id, text.steps.insert(title));
  }
  const position = { x: Math.round(at.x - nodeWidth / 2), y: Math.round(at.y - nodeHeight / 2) };
  const added = addNode(view, { ...newNode(piece), position });
  finish(open, added.document, added.node.id, text.steps.add(title));
}

function newNode({ type, params, block }: Piece) {
  return { type, params, ...(block === undefined ? {} : { block }) };
}

/** The start of every network, for an empty canvas: Input and Output, bound to the data where one is chosen. */
export function addEnds(open: OpenDocument): void {
  const top = startPlace();
  const input = addNode(open.view, {
    type: 'input',
    position: { x: top.x, y: top.y - rowGap },
    params: newNodeParams('input', open.roles),
  });
  const output = addNode(input.document, {
    type: 'output',
    position: { x: top.x, y: top.y + rowGap },
    params: newNodeParams('output', open.roles),
  });
  open.setView(connect(output.document, input.node.id, output.node.id), text.build.emptyAction);
  open.select([input.node.id]);
}

export function connectLayers(open: OpenDocument, from: NodeId, to: NodeId): void {
  if (whyNotConnect(open.view, from, to) === null) open.setView(connect(open.view, from, to), text.steps.connect);
}

export function deleteSelection(open: OpenDocument | null): void {
  if (open === null) return;
  const nodes = [...open.selectedNodes];
  const edges = [...open.selectedEdges];
  if (nodes.length + edges.length === 0) return;
  const what = nodes.length > 0 ? text.steps.countOfLayers(nodes.length) : text.steps.countOfEdges(edges.length);
  const name = text.steps.remove(what);
  open.setView(disconnect(removeNodes(open.view, nodes), edges), name);
  open.select([]);
  if (nodes.length > 1) notify({ text: text.steps.layersDeleted(what), undo: () => open.undoStep('document', name) });
}

export function duplicateSelection(open: OpenDocument | null): void {
  if (open === null || open.selectedNodes.size === 0) return;
  const pasted = pasteNodes(open.view, copyNodes(open.view, open.selectedNodes), { within: open.blockId });
  open.setView(pasted.document, text.steps.duplicate);
  open.select(pasted.ids);
}

export function arrange(open: OpenDocument | null): void {
  if (open === null || open.view.nodes.length === 0) return;
  open.setView(moveNodes(open.view, arrangeNodes(open.view)), text.steps.arrange);
  requestAnimationFrame(() => canvas.fit());
}

/** Moves the selected layers by canvas pixels; presses in a row are one step. */
export function nudgeSelection(open: OpenDocument, x: number, y: number): void {
  const moved = open.view.nodes
    .filter((node) => open.selectedNodes.has(node.id))
    .map((node) => [node.id, { x: node.position.x + x, y: node.position.y + y }] as const);
  if (moved.length > 0) open.setView(moveNodes(open.view, new Map(moved)), text.steps.move, `nudge ${moved.map(([id]) => id).join(' ')}`);
}

/** Selects the layer before or after the selected one, in the order the data flows. */
export function selectNeighbour(open: OpenDocument | null, step: 1 | -1): void {
  if (open === null) return;
  const order = [...open.viewShapes.order, ...open.view.nodes.map((node) => node.id).filter((id) => !open.viewShapes.order.includes(id))];
  const index = open.selectedNode === null ? (step === 1 ? -1 : order.length) : order.indexOf(open.selectedNode);
  const next = order[Math.min(order.length - 1, Math.max(0, index + step))];
  if (next === undefined) return;
  open.select([next]);
  canvas.reveal(next);
  canvas.view?.focusNode(next);
}

function finish(open: OpenDocument, document: NetworkDocument, node: NodeId | undefined, name: string): void {
  open.setView(document, name);
  if (node === undefined) return;
  open.select([node]);
  canvas.reveal(node);
}

/** The one layer that nothing follows although something could; null where there is no such or no single one. */
function openEnd(document: NetworkDocument): NodeId | null {
  const followed = new Set(document.edges.map((edge) => edge.from));
  const ends = document.nodes.filter((node) => !followed.has(node.id) && findLayer(node.type)?.hasOutput);
  if (ends.length === 1) return ends[0]!.id;
  const outputs = document.nodes.filter((node) => node.type === 'output' || node.type === 'blockOutput');
  // A finished chain grows before its Output.
  return ends.length === 0 && outputs.length === 1 ? (document.edges.find((edge) => edge.to === outputs[0]!.id)?.from ?? null) : null;
}

function startPlace(): Point {
  const centre = canvas.view?.centre() ?? { x: 0, y: 0 };
  return { x: Math.round(centre.x - nodeWidth / 2), y: Math.round(centre.y - nodeHeight / 2) };
}
