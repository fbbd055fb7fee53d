/** What the Runs place shows: filter, order and columns (remembered), selection, and the trash. */
import type { RunId, RunSummary } from '../../electron/contract/calls.ts';
import { call } from '../client.ts';
import { isLive } from '../train/trainActions.ts';
import { notify, showError } from '../workspace/notices.svelte.ts';
import { preferences } from '../workspace/preferences.svelte.ts';
import { workspace } from '../workspace/workspace.svelte.ts';
import {
  columns,
  defaultColumns,
  filterRuns,
  nextSort,
  select,
  sortRuns,
  type RunColumn,
  type RunFilter,
  type RunSort,
} from './runRows.ts';
import { runsText } from './runsText.ts';

const knownColumns = new Set<string>(columns.map((column) => column.id));

class RunsState {
  filter = $state.raw<RunFilter>({ text: '', status: 'all' });
  selected = $state.raw<readonly RunId[]>([]);
  /** The row the keyboard stands on. */
  current = $state<RunId | undefined>();
  /** The run whose network is shown instead of its details. */
  network = $state<RunId | undefined>();
  showTrash = $state(false);
  trash = $state.raw<readonly RunSummary[]>([]);
  #sort = $state.raw<RunSort | undefined>();

  get sort(): RunSort {
    if (this.#sort !== undefined) return this.#sort;
    const [column, descending] = preferences.recall<[string, boolean]>('runs.sort', ['started', true]);
    return knownColumns.has(column)
      ? { column: column as RunColumn, descending: descending === true }
      : { column: 'started', descending: true };
  }

  get columns(): readonly RunColumn[] {
    const chosen = preferences.recall<string[]>('runs.columns', [...defaultColumns]).filter((id) => knownColumns.has(id)) as RunColumn[];
    return chosen.length > 0 ? chosen : defaultColumns;
  }

  rows = $derived.by(() => {
    const source = this.showTrash ? this.trash : workspace.runs;
    return sortRuns(filterRuns(source, this.filter), this.sort);
  });

  /** The selected runs that still exist, in the order of selection: the order of the colours. */
  chosen: readonly RunSummary[] = $derived.by(() => {
    const known = new Map(workspace.runs.map((run) => [run.id, run]));
    return this.selected.map((id) => known.get(id)).filter((run) => run !== undefined);
  });

  sortBy(column: RunColumn): void {
    this.#sort = nextSort(this.sort, column);
    preferences.remember('runs.sort', [this.#sort.column, this.#sort.descending]);
  }

  toggleColumn(column: RunColumn): void {
    const shown = this.columns;
    const next = columns.map(({ id }) => id).filter((id) => (id === column ? !shown.includes(id) : shown.includes(id)));
    preferences.remember('runs.columns', next);
  }

  select(id: RunId, how: 'one' | 'toggle' | 'range'): void {
    this.network = undefined;
    this.selected = select(
      this.selected,
      this.rows.map((run) => run.id),
      id,
      how,
      this.current,
    );
    if (how !== 'range') this.current = id;
  }

  async delete(ids: readonly RunId[]): Promise<void> {
    const runs = workspace.runs.filter((run) => ids.includes(run.id));
    if (runs.length === 0) return;
    if (runs.some(isLive)) return notify({ text: runsText.deleteLive });
    try {
      await call('runs.delete', { ids: runs.map((run) => run.id) });
      this.selected = this.selected.filter((id) => !ids.includes(id));
      await this.#refresh();
      notify({ text: runsText.deleted(runs.length, runs[0]!.name), undo: () => void this.restore(runs.map((run) => run.id)) });
    } catch (error) {
      showError(error);
    }
  }

  async restore(ids: readonly RunId[]): Promise<void> {
    try {
      await call('runs.restore', { ids });
      await this.#refresh();
    } catch (error) {
      showError(error);
    }
  }

  async refreshTrash(): Promise<void> {
    try {
      this.trash = await call('runs.list', { deleted: true });
    } catch (error) {
      showError(error);
    }
  }

  async #refresh(): Promise<void> {
    await Promise.all([workspace.refreshRuns(), this.refreshTrash()]);
  }
}

export const runsState = new RunsState();

export async function renameRun(id: RunId, name: string): Promise<void> {
  try {
    await call('runs.rename', { id, name });
    await workspace.refreshRuns();
  } catch (error) {
    showError(error);
  }
}

export async function noteRun(id: RunId, note: string): Promise<void> {
  try {
    await call('runs.note', { id, note });
  } catch (error) {
    showError(error);
  }
}

/** A copy of the run's network as a new document, open on the canvas. */
export async function editCopy(run: RunSummary): Promise<void> {
  try {
    workspace.openDocument(await call('documents.create', { from: { run: run.id } }));
    workspace.go('build');
    notify({ text: runsText.copyOpened(run.name) });
  } catch (error) {
    showError(error);
  }
}
