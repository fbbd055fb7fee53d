/** Drawing points by hand: what is drawn goes into the page's settings, what was there before can be had back. */
import type { DrawnPoint } from '../../../core/learn/planeData.ts';
import { DrawnHistory, mostDrawn } from './drawing.ts';
import type { SurfacePage } from './surfacePage.svelte.ts';

export class Drawn {
  #page: SurfacePage;
  #history = new DrawnHistory();
  can = $state.raw({ undo: false, redo: false });

  constructor(page: SurfacePage) {
    this.#page = page;
  }

  get points(): readonly DrawnPoint[] {
    return this.#page.settings.drawn;
  }

  get brush(): DrawnPoint['target'] {
    return this.#page.settings.brush;
  }

  get isFull(): boolean {
    return this.points.length >= mostDrawn;
  }

  choose(brush: DrawnPoint['target']): void {
    this.#page.change({ brush });
  }

  preview(stroke: readonly DrawnPoint[]): void {
    this.#page.preview(stroke.slice(0, mostDrawn - this.points.length));
  }

  add(stroke: readonly DrawnPoint[]): void {
    if (stroke.length > 0 && !this.isFull) this.#keep([...this.points, ...stroke].slice(0, mostDrawn));
  }

  clear(): void {
    this.#keep([]);
  }

  undo(): void {
    this.#set(this.#history.undo(this.points));
  }

  redo(): void {
    this.#set(this.#history.redo(this.points));
  }

  #keep(points: readonly DrawnPoint[]): void {
    this.#history.keep(this.points);
    this.#set(points);
  }

  #set(drawn: readonly DrawnPoint[]): void {
    this.#page.change({ drawn });
    this.can = { undo: this.#history.canUndo, redo: this.#history.canRedo };
  }
}
