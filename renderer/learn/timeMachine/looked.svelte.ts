/** What the time machine looks at: remembered by name, found again among the open network and the finished runs. */
import type { DataRole } from '../../../core/data/dataSet.ts';
import type { NetworkDocument } from '../../../core/graph/document.ts';
import type { RunDetails } from '../../../electron/contract/calls.ts';
import { rolesOf } from '../../../core/tasks/roles.ts';
import { call } from '../../client.ts';
import { showError } from '../../workspace/notices.svelte.ts';
import { preferences } from '../../workspace/preferences.svelte.ts';
import { workspace } from '../../workspace/workspace.svelte.ts';
import type { Source } from './machine.svelte.ts';
import { hasWeights, runOf, sourceKeys } from './sources.ts';

export class Looked {
  #wanted = $state(preferences.recall('learn.timeMachine.source', ''));
  #run = $state.raw<RunDetails | null>(null);

  /** What is there: the wanted one, else the newest run of the open network, else the network itself. */
  key: string = $derived.by(() => {
    const { document, runs } = workspace;
    const run = runOf(this.#wanted);
    if (run !== undefined && runs.some((own) => own.id === run && hasWeights(own))) return this.#wanted;
    if (document?.config !== undefined) return sourceKeys.network;
    const last = runs.find(hasWeights);
    return last === undefined ? sourceKeys.network : sourceKeys.run(last.id);
  });

  of: Source | undefined = $derived.by(() => {
    const run = runOf(this.key);
    if (run !== undefined) return { run };
    const { document } = workspace;
    return document?.config === undefined ? undefined : { document: document.document, config: document.config };
  });

  document: NetworkDocument | undefined = $derived(
    runOf(this.key) === undefined ? workspace.document?.document : (this.#run?.document ?? undefined),
  );

  roles: readonly DataRole[] | null = $derived.by(() => {
    if (runOf(this.key) === undefined) return workspace.document?.roles ?? null;
    const run = this.#run;
    const info = workspace.dataSets.find(({ id }) => id === run?.config.data.id);
    return run === null || info === undefined ? null : rolesOf(info, run.config);
  });

  constructor() {
    $effect(() => {
      const run = runOf(this.key);
      if (run === undefined || this.#run?.id === run) return;
      call('runs.get', { id: run }).then((details) => (this.#run = details), showError);
    });
  }

  choose(key: string): void {
    this.#wanted = key;
    preferences.remember('learn.timeMachine.source', key);
  }
}
