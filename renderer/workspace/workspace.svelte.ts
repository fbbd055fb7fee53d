/**
 * What the interface knows as a whole: open networks, the chosen place, lists kept fresh from the host, and what
 * is remembered over a restart.
 */
import type { DataSetInfo } from '../../core/data/dataSet.ts';
import type { AppInfo, DocumentState, DocumentSummary, RunId, RunSummary } from '../../electron/contract/calls.ts';
import { call, on, onConnectionState, type ConnectionState } from '../client.ts';
import { text } from '../text.ts';
import { ActivityList } from './activities.svelte.ts';
import { freeName } from './freeName.ts';
import { notices, notify, showError, showProblem } from './notices.svelte.ts';
import { OpenDocument, type UndoScope } from './openDocument.svelte.ts';
import { preferences } from './preferences.svelte.ts';

export const places = ['data', 'build', 'train', 'runs', 'learn'] as const;
export type Place = (typeof places)[number];

class Workspace {
  info = $state.raw<AppInfo | null>(null);
  /** `starting` until the first answers are in; nothing is shown before, so nothing jumps. */
  phase = $state.raw<'starting' | 'ready' | 'failed'>('starting');
  connection = $state.raw<ConnectionState>('connecting');
  place = $state.raw<Place>('build');
  /** How often somebody went to a place: what opens slowly goes to its own only if nobody went anywhere meanwhile. */
  visits = 0;
  tabs = $state.raw<readonly OpenDocument[]>([]);
  activeId = $state.raw<string | null>(null);
  /** The first-start doors stand where Build and Train would. */
  welcome = $state(false);
  /** Set by the first door so that Train lands with the focus on its button. */
  focusTrain = $state(false);
  documents = $state.raw<readonly DocumentSummary[]>([]);
  /** A run or data set that was asked for by name: Runs and Data show it and clear this. */
  wantedRun = $state.raw<RunId | null>(null);
  wantedDataSet = $state.raw<string | null>(null);
  /** The finished run that is put to use, in front of the place it was chosen in. */
  usedRun = $state.raw<RunId | null>(null);
  dataSets = $state.raw<readonly DataSetInfo[]>([]);
  runs = $state.raw<readonly RunSummary[]>([]);
  readonly activities = new ActivityList();

  document: OpenDocument | null = $derived(this.tabs.find((tab) => tab.id === this.activeId) ?? null);
  /** The data set the active network is bound to. */
  dataSet: DataSetInfo | null = $derived(this.dataSets.find((set) => set.id === this.document?.config?.data.id) ?? null);
  showsWelcome = $derived((this.welcome || this.document === null) && (this.place === 'build' || this.place === 'train'));
  /** Undo acts on the focused place. */
  undoScope: UndoScope = $derived(this.place === 'build' ? 'document' : 'config');

  async start(): Promise<void> {
    this.#listen();
    try {
      const [info] = await Promise.all([
        call('app.info', {}),
        preferences.load(),
        this.refreshDocuments(),
        this.refreshDataSets(),
        this.refreshRuns(),
      ]);
      this.info = info;
      await this.#restore();
      this.phase = 'ready';
    } catch (error) {
      this.phase = 'failed';
      showError(error);
    }
  }

  go(place: Place): void {
    this.visits++;
    this.usedRun = null;
    if (place !== this.place) notices.leave();
    this.place = place;
    this.#remember();
  }

  activate(id: string): void {
    this.usedRun = null;
    this.activeId = id;
    this.welcome = false;
    if (this.place === 'runs') this.place = 'build';
    this.#remember();
  }

  /** The doors of the first start, from "+". */
  openWelcome(): void {
    this.welcome = true;
    this.go('build');
  }

  showRun(id: RunId): void {
    this.wantedRun = id;
    this.go('runs');
  }

  showDataSet(id: string): void {
    this.wantedDataSet = id;
    this.go('data');
  }

  /** The neighbouring tab, around the ends. */
  stepTab(step: 1 | -1): void {
    const index = this.tabs.findIndex((tab) => tab.id === this.activeId);
    const next = this.tabs[(index + step + this.tabs.length) % this.tabs.length];
    if (next !== undefined) this.activate(next.id);
  }

  /** Opens a network in a tab of its own and makes it the active one. */
  openDocument(state: DocumentState): OpenDocument {
    let open = this.tabs.find((tab) => tab.id === state.id);
    if (open === undefined) {
      open = new OpenDocument(state);
      this.tabs = [...this.tabs, open];
    }
    this.activeId = open.id;
    this.welcome = false;
    this.#remember();
    return open;
  }

  /** Opens a network of the library, or shows its tab. */
  async open(id: string): Promise<OpenDocument | null> {
    try {
      const open = this.tabs.find((tab) => tab.id === id) ?? this.openDocument(await call('documents.open', { id }));
      this.activate(id);
      return open;
    } catch (error) {
      showError(error);
      return null;
    }
  }

  async closeTab(id: string): Promise<void> {
    const index = this.tabs.findIndex((tab) => tab.id === id);
    const tab = this.tabs[index];
    if (tab === undefined) return;
    try {
      await tab.autosave.flush();
    } catch (error) {
      return showError(error);
    }
    tab.close();
    this.tabs = this.tabs.filter((other) => other.id !== id);
    if (this.activeId === id) this.activeId = this.tabs[Math.min(index, this.tabs.length - 1)]?.id ?? null;
    this.#remember();
  }

  /** Of all networks of the library. */
  takenNames(): string[] {
    return [...this.documents, ...this.tabs].map(({ name }) => name);
  }

  async createEmpty(): Promise<OpenDocument | null> {
    try {
      const name = freeName(text.steps.untitled, this.takenNames());
      const open = this.openDocument(await call('documents.create', { from: { empty: name } }));
      this.go('build');
      return open;
    } catch (error) {
      showError(error);
      return null;
    }
  }

  async deleteDocument(id: string): Promise<void> {
    const tab = this.tabs.find((open) => open.id === id);
    const name = tab?.name ?? this.documents.find((known) => known.id === id)?.name ?? '';
    await this.closeTab(id);
    try {
      await call('documents.delete', { id });
      notify({ text: text.steps.documentDeleted(name), undo: () => void this.#restoreDocument(id) });
    } catch (error) {
      showError(error);
    }
  }

  /** Binds the active network to a data set with that data set's default settings, as one undoable step. */
  async chooseDataSet(id: string, target?: string): Promise<void> {
    const open = this.document;
    if (open === null) return;
    try {
      const config = await call('data.defaultConfig', { id, network: open.name, ...(target !== undefined && { target }) });
      open.setConfig(config, text.steps.dataSet);
    } catch (error) {
      showError(error);
    }
  }

  /** Finishes every autosave. @throws ProblemError when something could not be saved */
  async flush(): Promise<void> {
    await Promise.all([...this.tabs.map((tab) => tab.autosave.flush()), preferences.flush()]);
  }

  undo(): void {
    this.document?.undo(this.undoScope);
  }

  redo(): void {
    this.document?.redo(this.undoScope);
  }

  refreshDocuments = async (): Promise<void> => {
    this.documents = await call('documents.list', {});
  };

  refreshDataSets = async (): Promise<void> => {
    this.dataSets = await call('data.list', {});
  };

  refreshRuns = async (): Promise<void> => {
    this.runs = await call('runs.list', {});
  };

  #listen(): void {
    const quietly = (refresh: () => Promise<void>) => () => void refresh().catch(showError);
    on('documents.changed', quietly(this.refreshDocuments));
    on('data.changed', quietly(this.refreshDataSets));
    on('data.changed', () => this.tabs.forEach((tab) => tab.refreshRoles()));
    on('runs.changed', quietly(this.refreshRuns));
    on('run.changed', ({ run }) => this.#putRun(run));
    on('activity', (activity) => this.activities.put(activity));
    on('notice', ({ problem }) => showProblem(problem, 'warn'));
    on('gpu.changed', ({ gpu, gpuNotice, engines }) => {
      const { gpuNotice: _before, ...info } = this.info ?? {};
      if (this.info !== null) this.info = { ...(info as AppInfo), gpu, engines, ...(gpuNotice === undefined ? {} : { gpuNotice }) };
    });
    onConnectionState((state) => this.#connectionChanged(state));
    window.addEventListener('pagehide', () => void this.flush().catch(() => undefined));
    window.addEventListener('visibilitychange', () => document.hidden && void this.flush().catch(() => undefined));
    window.addEventListener('beforeunload', (event) => {
      if (!this.tabs.some((tab) => tab.autosave.pending)) return;
      void this.flush().catch(() => undefined);
      // A browser only asks when the last change could not be sent.
      if (this.connection !== 'connected') event.preventDefault();
    });
  }

  #connectionChanged(state: ConnectionState): void {
    const cameBack = state === 'connected' && this.connection === 'lost';
    this.connection = state;
    if (!cameBack || this.phase !== 'ready') return;
    void Promise.all([this.refreshDocuments(), this.refreshDataSets(), this.refreshRuns(), this.flush()]).catch(showError);
    for (const tab of this.tabs) tab.refreshRoles();
  }

  #putRun(run: RunSummary): void {
    const known = this.runs.some((other) => other.id === run.id);
    if (run.deleted) this.runs = this.runs.filter((other) => other.id !== run.id);
    else this.runs = known ? this.runs.map((other) => (other.id === run.id ? run : other)) : [run, ...this.runs];
  }

  /** A run was started from a network: its later edits are then edits since that run. */
  noteRunStarted(documentId: string, run: RunId): void {
    this.tabs.find((tab) => tab.id === documentId)?.noteRun({ id: run, edited: false });
  }

  #remember(): void {
    preferences.remember(
      'tabs',
      this.tabs.map((tab) => tab.id),
    );
    preferences.remember('active', this.activeId);
    preferences.remember('place', this.place);
  }

  /** Opens what was open at the last end; a network that is gone since is left out without a word. */
  async #restore(): Promise<void> {
    const known = new Set(this.documents.map((document) => document.id));
    const ids = preferences.recall('tabs', [] as string[]).filter((id) => known.has(id));
    const states = await Promise.all(ids.map((id) => call('documents.open', { id }).catch(() => null)));
    this.tabs = states.filter((state) => state !== null).map((state) => new OpenDocument(state));
    const active = preferences.recall<string | null>('active', null);
    this.activeId = this.tabs.some((tab) => tab.id === active) ? active : (this.tabs[0]?.id ?? null);
    const place = preferences.recall<Place>('place', 'build');
    this.place = places.includes(place) && !this.info?.firstStart ? place : 'build';
  }

  async #restoreDocument(id: string): Promise<void> {
    try {
      await call('documents.restore', { id });
      await this.open(id);
    } catch (error) {
      showError(error);
    }
  }
}

export const workspace = new Workspace();
