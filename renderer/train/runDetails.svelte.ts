/** A run's config, network and scores, asked for once and again whenever something about the run changed. */
import { call, on } from '../client.ts';
import type { RunDetails, RunId, RunSummary } from '../../electron/contract/calls.ts';

class RunDetailsStore {
  #known = new Map<RunId, RunDetails>();
  #asked = new Set<RunId>();
  #version = $state(0);

  constructor() {
    on('run.changed', ({ run }) => {
      const known = this.#known.get(run.id);
      if (known !== undefined && differs(known, run)) void this.#load(run.id);
    });
  }

  get(id: RunId | undefined): RunDetails | undefined {
    void this.#version;
    return id === undefined ? undefined : this.#known.get(id);
  }

  ask(id: RunId): void {
    if (this.#asked.has(id)) return;
    this.#asked.add(id);
    void this.#load(id);
  }

  /** After a call whose result is part of the details. */
  async reload(id: RunId): Promise<void> {
    await this.#load(id);
  }

  async #load(id: RunId): Promise<void> {
    try {
      this.#known.set(id, await call('runs.get', { id }));
      this.#version++;
    } catch {
      // Deleted for good, or the connection is gone: the next look asks again.
      this.#asked.delete(id);
    }
  }
}

function differs(known: RunDetails, run: RunSummary): boolean {
  return (
    known.status !== run.status ||
    known.testLooks !== run.testLooks ||
    known.totalSteps !== run.totalSteps ||
    known.name !== run.name ||
    known.note !== run.note ||
    known.deleted !== run.deleted
  );
}

export const runDetails = new RunDetailsStore();
