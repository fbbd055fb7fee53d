/** Dropping a layer from the palette: onto the canvas, or into a connection, which lights up below the pointer. */
import type { OpenDocument } from '../workspace/openDocument.svelte.ts';
import { dropLayer } from './actions.ts';
import { canvas } from './canvasState.svelte.ts';
import { edgeElementNear } from './connectDrag.svelte.ts';
import type { Point } from './layout.ts';

export class LayerDrop {
  #open: OpenDocument;
  #toCanvas: (point: Point) => Point;
  #edge: SVGElement | null = null;

  constructor(open: OpenDocument, toCanvas: (point: Point) => Point) {
    this.#open = open;
    this.#toCanvas = toCanvas;
  }

  readonly over = (event: DragEvent): void => {
    if (canvas.draggedLayer === null) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
    this.#mark(edgeElementNear(event.clientX, event.clientY));
  };

  readonly leave = (): void => this.#mark(null);

  readonly drop = (event: DragEvent): void => {
    const type = canvas.draggedLayer;
    if (type === null) return;
    event.preventDefault();
    const edge = edgeElementNear(event.clientX, event.clientY)?.dataset.id ?? null;
    this.#mark(null);
    canvas.draggedLayer = null;
    dropLayer(this.#open, type, this.#toCanvas({ x: event.clientX, y: event.clientY }), edge);
  };

  #mark(edge: SVGElement | null): void {
    if (this.#edge !== edge && this.#edge !== null) delete this.#edge.dataset.drop;
    this.#edge = edge;
    if (edge !== null) edge.dataset.drop = 'valid';
  }
}
