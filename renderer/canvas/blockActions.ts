/** What a person can do with blocks on the canvas, each as one named, undoable step of the open document. */
import type { NodeId } from '../../core/graph/document.ts';
import { collapse, expandNode, separateBlock, whyNotCollapse, whyNotExpand } from '../../core/graph/editBlocks.ts';
import type { Problem } from '../../core/problem.ts';
import { notify } from '../workspace/notices.svelte.ts';
import type { OpenDocument } from '../workspace/openDocument.svelte.ts';
import { blockText } from './blockText.ts';
import { canvas } from './canvasState.svelte.ts';

/** Shows what stands in a block node; a node of another kind stays as it is. */
export function openBlock(open: OpenDocument, id: NodeId | null): void {
  if (id === null || open.viewShapes.nodes.get(id)?.inside === undefined) return;
  open.openPath([...open.path, id]);
}

/** Back to the block at a depth, 0 for the network, with the block that was left selected. */
export function leaveTo(open: OpenDocument, depth: number): void {
  const left = open.path[depth];
  open.openPath(open.path.slice(0, depth));
  if (left === undefined) return;
  open.select([left]);
  requestAnimationFrame(() => {
    canvas.reveal(left);
    canvas.view?.focusNode(left);
  });
}

export function collapseSelection(open: OpenDocument): void {
  const problem = whyNotCollapse(open.view, open.selectedNodes);
  if (problem !== null) return explain(problem);
  const { document, node } = collapse(open.view, open.selectedNodes);
  open.setView(document, blockText.collapse);
  if (node !== undefined) select(open, [node.id]);
}

export function expandBlock(open: OpenDocument, id: NodeId | null): void {
  if (id === null) return;
  const problem = whyNotExpand(open.view, id);
  if (problem !== null) return explain(problem);
  const { document, ids } = expandNode(open.view, id);
  open.setView(document, blockText.expand);
  select(open, ids);
}

export function makeIndependent(open: OpenDocument, id: NodeId): void {
  open.setView(separateBlock(open.view, id), blockText.separate);
}

/** Whether the one selected node is a block that can be looked into. */
export function selectedBlock(open: OpenDocument | null): NodeId | null {
  const id = open?.selectedNode ?? null;
  return id !== null && open?.viewShapes.nodes.get(id)?.inside !== undefined ? id : null;
}

function select(open: OpenDocument, ids: readonly NodeId[]): void {
  open.select(ids);
  const first = ids[0];
  if (first !== undefined) canvas.reveal(first);
}

function explain({ message, hint }: Problem): void {
  notify({ text: hint === undefined ? message : `${message} ${hint}` });
}
