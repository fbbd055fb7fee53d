/** Keys that only mean something while the focus is on the canvas; all others are commands. */
import type { OpenDocument } from '../workspace/openDocument.svelte.ts';
import { nudgeSelection } from './actions.ts';
import { canvas } from './canvasState.svelte.ts';

const stepPixels = 10;
const farFactor = 5;
const arrows: Record<string, readonly [number, number]> = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

export function pressOnCanvas(open: OpenDocument, event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || (event.target as Element).closest('button, input') !== null) return;
  const node = focusedNode(event.target);
  const arrow = arrows[event.key];
  if (arrow !== undefined && open.selectedNodes.size > 0) {
    const size = stepPixels * (event.shiftKey ? farFactor : 1);
    nudgeSelection(open, arrow[0] * size, arrow[1] * size);
  } else if (event.key === 'Enter' && node !== null) {
    open.select([node]);
    canvas.focusInspector('first');
  } else if (event.key === ' ' && node !== null) {
    const selected = new Set(open.selectedNodes);
    if (!selected.delete(node)) selected.add(node);
    open.select(selected);
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

/** Walking with Tab selects, so that every command acts on what has the focus. */
export function focusOnCanvas(open: OpenDocument, event: FocusEvent): void {
  const node = focusedNode(event.target);
  if (node === null || !(event.target as Element).matches(':focus-visible') || open.selectedNodes.has(node)) return;
  open.select([node]);
  canvas.view?.reveal(node);
}

/** The layer that holds what was clicked. */
export function nodeElementOf(target: EventTarget | null): string | null {
  return target instanceof Element ? (target.closest<HTMLElement>('.svelte-flow__node')?.dataset.id ?? null) : null;
}

function focusedNode(target: EventTarget | null): string | null {
  return target instanceof HTMLElement && target.classList.contains('svelte-flow__node') ? (target.dataset.id ?? null) : null;
}
