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
  runsPerPage,
  select,
  sortRuns,
  type RunColumn,
  type RunFilter,
  type RunSort,
  withOlder,
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
  /** Runs older than those the workspace keeps, fetched page by page while the place is open. */
  #older = $state.raw<readonly RunSummary[]>([]);
  #olderEnded = $state(false);
  loadingOlder = $state(false);
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
    return chosen.length > 0 ? (chosen.includes('name') ? chosen : ['name', ...chosen]) : defaultColumns;
  }

  /** Newest first, as far back as they were fetched. */
  all: readonly RunSummary[] = $derived(withOlder(workspace.runs, this.#older));

  /** Whether the library may hold older runs than those fetched: the host sends them in full pages. */
  get hasOlder(): boolean {
    return !this.showTrash && !this.#olderEnded && workspace.runs.length >= runsPerPage;
  }

  rows = $derived.by(() => {
    const source = this.showTrash ? this.trash : this.all;
    return sortRuns(filterRuns(source, this.filter), this.sort);
  });

  /** The selected runs that still exist, in the order of selection: the order of the colours. */
  chosen: readonly RunSummary[] = $derived.by(() => {
    const known = new Map(this.all.map((run) => [run.id, run]));
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
    const runs = this.all.filter((run) => ids.includes(run.id));
    if (runs.length === 0) return;
    if (runs.some(isLive)) return notify({ text: runsText.deleteLive });
    try {
      await call('runs.delete', { ids: runs.map((run) => run.id) });
      this.selected = this.selected.filter((id) => !ids.includes(id));
      this.#older = this.#older.filter((run) => !ids.includes(run.id));
      await this.#refresh();
      notify({ text: runsText.deleted(runs.length, runs[0]!.name), undo: () => void this.restore(runs.map((run) => run.id)) });
    } catch (error) {
      showError(error);
    }
  }

  async restore(ids: readonly RunId[]): Promise<void> {
    try {
      await call('runs.restore', { ids });
      // A restored run may belong among the older ones: they are fetched again when asked for.
      this.#older = [];
      this.#olderEnded = false;
      await this.#refresh();
    } catch (error) {
      showError(error);
    }
  }

  async loadOlder(): Promise<void> {
    const before = this.all.at(-1)?.id;
    if (before === undefined || this.loadingOlder) return;
    this.loadingOlder = true;
    try {
      const page = await call('runs.list', { before });
      this.#older = [...this.#older, ...page];
      this.#olderEnded = page.length < runsPerPage;
    } catch (error) {
      showError(error);
      this.#olderEnded = true;
    } finally {
      this.loadingOlder = false;
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
