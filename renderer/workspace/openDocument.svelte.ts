/**
 * One open network: its document and run config with their undo histories, autosave, and what follows from them:
 * roles of the bound data set, shapes and problems. The canvas shows and edits `view`: the document itself, or the block
 * that is opened.
 */
import { followPath, type OpenedBlock } from '../../core/graph/blockPath.ts';
import { putBlock } from '../../core/graph/blocks.ts';
import { applyFix } from '../../core/graph/edit.ts';
import { removeUnusedBlocks } from '../../core/graph/editBlocks.ts';
import { checkTrainable } from '../../core/graph/checkTrainable.ts';
import { findLayer } from '../../core/layers/index.ts';
import { inferShapes, type NetworkShapes } from '../../core/graph/inferShapes.ts';
import type { BlockId, EdgeId, NetworkDocument, NodeId } from '../../core/graph/document.ts';
import type { Problem, ProblemFix } from '../../core/problem.ts';
import type { RunConfig } from '../../core/train/runConfig.ts';
import { setConfigPath } from '../../core/train/runConfigSchema.ts';
import type { DataRoles, DocumentState } from '../../electron/contract/calls.ts';
import { text } from '../text.ts';
import { Autosave } from './autosave.svelte.ts';
import { call } from '../client.ts';
import { emptyHistory, record, redo, undo, type History } from './history.ts';
import { RolesQuery } from './rolesQuery.svelte.ts';

export type UndoScope = 'document' | 'config';

export class OpenDocument {
  readonly id: string;
  document = $state.raw() as NetworkDocument;
  config = $state.raw<RunConfig | undefined>();
  lastRun = $state.raw<DocumentState['lastRun']>();
  selectedNodes = $state.raw<ReadonlySet<NodeId>>(new Set());
  selectedEdges = $state.raw<ReadonlySet<EdgeId>>(new Set());
  /** Block nodes opened one within the other; selections are made in the last one. */
  #path = $state.raw<readonly NodeId[]>([]);

  #documentHistory = $state.raw<History<NetworkDocument>>(emptyHistory);
  #configHistory = $state.raw<History<RunConfig | undefined>>(emptyHistory);
  #roles: RolesQuery;
  readonly autosave: Autosave;

  shapes = $derived.by(() => inferShapes(this.document, this.roles));
  /** Where the canvas is: as far into blocks as the path still leads. */
  opened: OpenedBlock = $derived.by(() => followPath(this.document, this.shapes, this.#path));
  /** Everything that disables Train, each with its place; shape problems first. */
  problems: readonly Problem[] = $derived.by(() => {
    if (this.#roles.problem !== undefined) return [this.#roles.problem];
    // What the data offers is on its way: nothing can be said yet.
    if (this.checking) return [];
    return distinct(checkTrainable(this.document, this.roles, this.config, this.shapes));
  });

  /** Every layer's parameters are known, so their sum means something. */
  parametersKnown = $derived.by(
    () =>
      this.document.nodes.length > 0 &&
      this.document.nodes.every(
        (node) => findLayer(node.type)?.hasOutput === false || this.shapes.nodes.get(node.id)?.output !== undefined,
      ),
  );

  constructor(state: DocumentState) {
    this.id = state.id;
    this.document = state.document;
    this.config = state.config;
    this.lastRun = state.lastRun;
    this.#roles = new RolesQuery();
    this.#roles.ask(this.config);
    this.autosave = new Autosave(state.savedAt, () =>
      call('documents.save', { id: this.id, document: this.document, ...(this.config && { config: this.config }) }),
    );
  }

  /** What the canvas shows: the document, or the opened block as one. */
  get view(): NetworkDocument {
    return this.opened.view;
  }

  get viewShapes(): NetworkShapes {
    return this.opened.shapes;
  }

  /** The opened block; null for the network itself. */
  get blockId(): BlockId | null {
    return this.opened.steps.at(-1)?.block ?? null;
  }

  /** Nodes from the network to the opened block. */
  get path(): readonly NodeId[] {
    return this.opened.steps.map(({ node }) => node);
  }

  /** All layers, those of blocks once for every repetition. */
  get layerCount(): number {
    const ends = this.document.nodes.filter(({ type }) => type === 'input' || type === 'output');
    return this.shapes.layers + ends.length;
  }

  /** Opens the block at the end of a path of block nodes; an empty one shows the network. */
  openPath(path: readonly NodeId[]): void {
    this.#path = path;
    this.select([]);
  }

  get name(): string {
    return this.document.name;
  }

  /** What Input and Output can be bound to; null while no data set is chosen or its roles are not known yet. */
  get roles(): DataRoles['roles'] | null {
    return this.#roles.result?.roles ?? null;
  }

  get parts(): DataRoles['parts'] | null {
    return this.#roles.result?.parts ?? null;
  }

  /** What one should know of the data as it is prepared. */
  get notices(): DataRoles['notices'] {
    return this.#roles.result?.notices ?? [];
  }

  get fitted(): DataRoles['fitted'] {
    return this.#roles.result?.fitted ?? [];
  }

  /** True while roles of a just changed binding are under way. */
  get rolesPending(): boolean {
    return this.#roles.pending;
  }

  /** True until the roles of the chosen data set are known for the first time. */
  get checking(): boolean {
    return this.config !== undefined && this.#roles.result === null && this.#roles.problem === undefined;
  }

  /** The only selected node, if exactly one is. */
  get selectedNode(): NodeId | null {
    return this.selectedNodes.size === 1 ? [...this.selectedNodes][0]! : null;
  }

  select(nodes: Iterable<NodeId>, edges: Iterable<EdgeId> = []): void {
    this.selectedNodes = new Set(nodes);
    this.selectedEdges = new Set(edges);
  }

  /** Replaces the document as one named, undoable step; steps with the same merge key become one. */
  setDocument(document: NetworkDocument, name: string = text.steps.config, mergeKey?: string): void {
    if (document === this.document) return;
    this.#documentHistory = record(this.#documentHistory, this.document, { name, mergeKey, timeMs: Date.now() });
    this.#putDocument(document);
  }

  /** Replaces what the canvas shows, as one step of the document. A block that no node stands for any more goes. */
  setView(view: NetworkDocument, name?: string, mergeKey?: string): void {
    this.setDocument(removeUnusedBlocks(putBlock(this.document, this.blockId, view)), name, mergeKey);
  }

  setConfig(config: RunConfig, name: string = text.steps.config, mergeKey?: string): void {
    if (config === this.config) return;
    this.#configHistory = record(this.#configHistory, this.config, { name, mergeKey, timeMs: Date.now() });
    this.#putConfig(config);
  }

  applyFix(fix: ProblemFix): void {
    if (fix.kind !== 'setConfig') return this.setDocument(applyFix(this.document, fix), fix.label);
    if (this.config !== undefined) this.setConfig(setConfigPath(this.config, fix.path, String(fix.value)), fix.label);
  }

  canUndo(scope: UndoScope): boolean {
    return (scope === 'document' ? this.#documentHistory : this.#configHistory).past.length > 0;
  }

  canRedo(scope: UndoScope): boolean {
    return (scope === 'document' ? this.#documentHistory : this.#configHistory).future.length > 0;
  }

  /** @returns the name of the step that was undone, or null */
  undo(scope: UndoScope): string | null {
    return this.#travel(scope, undo);
  }

  redo(scope: UndoScope): string | null {
    return this.#travel(scope, redo);
  }

  /** Undoes what a notice offers to undo, if it is still the last step. */
  undoStep(scope: UndoScope, name: string): void {
    const history = scope === 'document' ? this.#documentHistory : this.#configHistory;
    if (history.past.at(-1)?.name === name) this.undo(scope);
  }

  /** Takes over what the host says about the runs of this document. */
  noteRun(lastRun: DocumentState['lastRun']): void {
    this.lastRun = lastRun;
  }

  refreshRoles(): void {
    this.#roles.refresh(this.config);
  }

  close(): void {
    this.#roles.stop();
  }

  #travel(scope: UndoScope, go: typeof undo): string | null {
    if (scope === 'document') {
      const moved = go(this.#documentHistory, this.document);
      if (moved === null) return null;
      this.#documentHistory = moved.history;
      this.#putDocument(moved.value);
      return moved.name;
    }
    const moved = go(this.#configHistory, this.config);
    if (moved === null) return null;
    this.#configHistory = moved.history;
    this.#putConfig(moved.value);
    return moved.name;
  }

  #putDocument(document: NetworkDocument): void {
    this.document = document;
    if (this.lastRun !== undefined && !this.lastRun.edited) this.lastRun = { ...this.lastRun, edited: true };
    this.#path = this.path;
    this.selectedNodes = only(this.selectedNodes, this.view.nodes);
    this.selectedEdges = only(this.selectedEdges, this.view.edges);
    this.autosave.changed();
  }

  #putConfig(config: RunConfig | undefined): void {
    this.config = config;
    this.#roles.ask(config);
    this.autosave.changed();
  }
}

/** The same sentence about the same place is said once. */
function distinct(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter((problem) => {
    const key = `${problem.code} ${problem.message}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** The selection without what is no longer there. */
function only(selected: ReadonlySet<string>, present: readonly { readonly id: string }[]): ReadonlySet<string> {
  if (selected.size === 0) return selected;
  const ids = new Set(present.map(({ id }) => id));
  const kept = [...selected].filter((id) => ids.has(id));
  return kept.length === selected.size ? selected : new Set(kept);
}
