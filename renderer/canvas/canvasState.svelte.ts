/** What the canvas offers to commands and panes while it is on screen, and what is under way on it. */
import type { NodeId } from '../../core/graph/document.ts';
import type { Problem, ProblemFix } from '../../core/problem.ts';
import type { Point } from './layout.ts';

/** The parts of the drawing library's handle that commands need. */
export interface CanvasView {
  fit(nodes?: readonly NodeId[]): void;
  zoomIn(): void;
  zoomOut(): void;
  /** Moves the view just so far that the node is on screen. */
  reveal(node: NodeId): void;
  focusNode(node: NodeId): void;
  /** The middle of what is seen, in canvas pixels. */
  centre(): Point;
}

class CanvasState {
  view: CanvasView | null = null;
  /** Layer type being dragged from the palette. */
  draggedLayer = $state.raw<string | null>(null);
  /** A fix whose result is shown while the pointer rests on its button. */
  preview = $state.raw<ProblemFix | null>(null);
  /** The problem whose card was closed. */
  dismissed = $state.raw<Problem | null>(null);
  /** Asked-for focus in the inspector: `name`, or a parameter. */
  inspectorFocus = $state.raw<{ readonly field: string } | null>(null);
  /** Views by document and opened block, so that a tab comes back as it was left. */
  readonly viewports = new Map<string, { x: number; y: number; zoom: number }>();

  fit(nodes?: readonly NodeId[]): void {
    this.view?.fit(nodes);
  }

  zoomIn(): void {
    this.view?.zoomIn();
  }

  zoomOut(): void {
    this.view?.zoomOut();
  }

  reveal(node: NodeId): void {
    // The node may be drawn only in the next frame.
    requestAnimationFrame(() => this.view?.reveal(node));
  }

  focusInspector(field: string): void {
    this.inspectorFocus = { field };
  }
}

/** Which canvas is seen: of a document, and within it of the opened block. */
export const viewKeyOf = (open: { readonly id: string; readonly path: readonly NodeId[] }): string => [open.id, ...open.path].join('/');

export const canvas = new CanvasState();
