/** Which data set the Data place shows: the one last chosen, else the open network's own, else none. */
import { workspace } from '../workspace/workspace.svelte.ts';
import type { DataSetInfo } from '../../core/data/dataSet.ts';

export type DetailTab = 'rows' | 'columns';

class DataSelection {
  #chosen = $state<string | null>(null);
  /** The network that was active when the data set was chosen; another network brings its own to the front. */
  #chosenFor = $state<string | null>(null);
  tab = $state<DetailTab>('rows');

  get info(): DataSetInfo | null {
    const bound = workspace.document?.config?.data.id;
    const id = this.#chosen !== null && this.#chosenFor === workspace.activeId ? this.#chosen : (bound ?? this.#chosen);
    return workspace.dataSets.find((set) => set.id === id) ?? null;
  }

  choose(id: string): void {
    this.#chosen = id;
    this.#chosenFor = workspace.activeId;
  }
}

export const dataSelection = new DataSelection();
