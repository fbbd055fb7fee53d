/** What is looked at in a graph, the same from moment to moment: the node, the feature, and where nodes were dragged. */
import type { Point } from './layout.ts';

class GraphLook {
  node = $state<number | undefined>();
  feature = $state(0);
  by = $state<'feature' | 'norm'>('feature');
  hops = $state(2);
  /** Places by hand, 0 to 1; of the graph that has this key. */
  #moved = $state.raw<{ readonly key: string; readonly places: ReadonlyMap<number, Point> }>({ key: '', places: new Map() });

  movedIn(key: string): ReadonlyMap<number, Point> {
    return this.#moved.key === key ? this.#moved.places : new Map();
  }

  move(key: string, node: number, { x, y }: Point): void {
    const clamp = (share: number) => Math.min(1, Math.max(0, share));
    this.#moved = { key, places: new Map([...this.movedIn(key), [node, { x: clamp(x), y: clamp(y) }]]) };
  }
}

export const graphLook = new GraphLook();
