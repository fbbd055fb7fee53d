import type { Component } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import { showError } from '../../../workspace/notices.svelte.ts';
import Numbers from '../Numbers.svelte';
import type { LayerView, ViewProps } from './index.ts';

/** The plain numbers, which every moment has. */
export const numbersId = 'numbers';

/** Components that are loaded, by view. */
const components = new SvelteMap<string, Component<ViewProps>>([[numbersId, Numbers]]);

/** The views that stay drawn: the shown one and the last few before it. */
const mostDrawn = 3;

export interface DrawnView {
  readonly id: string;
  readonly View: Component<ViewProps>;
}

/** Remembers which views were shown last, and loads those that are missing. */
export class DrawnViews {
  #recent: readonly DrawnView[] = [];
  #of: unknown;

  /**
   * @param view to be shown; undefined for the plain numbers
   * @param of whose moments are shown: the views of another's moments are dropped
   * @returns what is drawn, in an order that does not change; without `view` while it loads
   */
  showing(view: LayerView | undefined, of: unknown): readonly DrawnView[] {
    const id = view?.id ?? numbersId;
    const others = of === this.#of ? this.#recent.filter((own) => own.id !== id) : [];
    const View = components.get(id);
    // One that is still loading may come when its moment is over: it has not been shown.
    this.#recent = (View === undefined ? others : [{ id, View }, ...others]).slice(0, mostDrawn);
    this.#of = of;
    return this.#recent.toSorted((a, b) => a.id.localeCompare(b.id));
  }
}

export function loadView({ id, load }: LayerView): void {
  if (components.has(id)) return;
  load().then(({ default: View }) => components.set(id, View), showError);
}
