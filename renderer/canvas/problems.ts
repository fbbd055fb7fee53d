/** Leading the eye to a problem: the place, the layer, the parameter. */
import { pathToBlock } from '../../core/graph/blockPath.ts';
import type { NodeId } from '../../core/graph/document.ts';
import type { Problem } from '../../core/problem.ts';
import type { OpenDocument } from '../workspace/openDocument.svelte.ts';
import { showProblem } from '../workspace/notices.svelte.ts';
import { workspace } from '../workspace/workspace.svelte.ts';
import { canvas } from './canvasState.svelte.ts';

/** The node at which a problem stands on the canvas: of an edge the layer it leads to, of a closed block its node. */
export function problemNode(open: OpenDocument, problem: Problem): NodeId | null {
  const where = problem.where;
  const isHere = (where?.kind === 'node' || where?.kind === 'edge') && (where.block ?? null) === open.blockId;
  if (isHere && where.kind === 'node') return open.view.nodes.some((node) => node.id === where.node) ? where.node : null;
  if (isHere && where.kind === 'edge') return open.view.edges.find((edge) => edge.id === where.edge)?.to ?? null;
  return open.view.nodes.find(({ id, block }) => block && open.viewShapes.nodes.get(id)?.problems.includes(problem))?.id ?? null;
}

/** The card on the canvas: of the selected layer's problem, else of the first that has a place there. */
export function cardProblem(open: OpenDocument): { problem: Problem; node: NodeId } | null {
  const placed = open.viewShapes.problems
    .map((problem) => ({ problem, node: problemNode(open, problem) }))
    .filter((entry): entry is { problem: Problem; node: NodeId } => entry.node !== null);
  return placed.find((entry) => open.selectedNodes.has(entry.node)) ?? placed[0] ?? null;
}

export function showFirstProblem(): void {
  const open = workspace.document;
  const problem = open?.problems[0];
  if (!open || problem === undefined) return;
  const where = problem.where;
  const isPlaced = where?.kind === 'node' || where?.kind === 'edge';
  if (isPlaced && (where.block ?? null) !== open.blockId)
    open.openPath(where.block === undefined ? [] : (pathToBlock(open.document, where.block) ?? []));
  const node = problemNode(open, problem);
  if (node !== null) {
    workspace.go('build');
    canvas.dismissed = null;
    open.select([node]);
    canvas.reveal(node);
    return;
  }
  const kind = where?.kind;
  // Without data Train says so itself, and how to choose some.
  if (kind === 'config' && open.config === undefined) return workspace.go('train');
  if (kind === 'config') workspace.go('train');
  else if (kind === 'column' || kind === 'file' || open.config === undefined) workspace.go('data');
  showProblem(problem);
}
