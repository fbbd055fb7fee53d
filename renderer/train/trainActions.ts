/** What can be done with a training, from the Train place, the top bar and the commands alike. */
import type { RunId, RunSummary } from '../../electron/contract/calls.ts';
import type { TrainingCommand } from '../../core/train/records.ts';
import { call } from '../client.ts';
import { showError } from '../workspace/notices.svelte.ts';
import type { OpenDocument } from '../workspace/openDocument.svelte.ts';
import { workspace } from '../workspace/workspace.svelte.ts';
import { activeRun } from './liveRuns.svelte.ts';
import { trainText } from './trainText.ts';

export { problemOf } from '../problemOf.ts';

let starting = false;

/** Why Train cannot be pressed now, in one sentence; undefined when it can. */
export function whyNotTrain(): string | undefined {
  const { document } = workspace;
  if (document === null) return trainText.noDocument;
  if (document.config === undefined) return trainText.noData;
  const live = workspace.runs.find((run) => run.id === document.lastRun?.id && isLive(run));
  if (live !== undefined) return trainText.alreadyTraining(live.name);
  // While the data set is being looked at nothing is known to be wrong; starting waits for the answer.
  return document.rolesPending ? undefined : document.problems[0]?.message;
}

const rolesPatienceMs = 20_000;

/** Resolves when the data set's roles are known, so that a press on Train right after opening a network counts. */
async function rolesKnown(document: OpenDocument): Promise<void> {
  for (const begin = Date.now(); document.rolesPending && Date.now() - begin < rolesPatienceMs;) {
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}

export function isLive(run: RunSummary): boolean {
  return run.status === 'running' || run.status === 'paused' || run.status === 'queued';
}

/** Saves what is open, starts a run of the active network and shows it. */
export async function startTraining(): Promise<void> {
  const { document } = workspace;
  if (document === null || starting || whyNotTrain() !== undefined) return;
  starting = true;
  // At once: by the time the run has started the person may already be on the way to another place.
  workspace.go('train');
  try {
    await rolesKnown(document);
    if (whyNotTrain() !== undefined) return;
    await workspace.flush();
    const { id } = await call('runs.start', { document: document.id });
    workspace.noteRunStarted(document.id, id);
  } catch (error) {
    showError(error);
  } finally {
    starting = false;
  }
}

export async function commandRun(id: RunId, command: TrainingCommand): Promise<void> {
  try {
    await call('runs.command', { id, command });
  } catch (error) {
    showError(error);
  }
}

export async function pauseOrContinue(id: RunId | undefined = activeRun.run?.id): Promise<void> {
  const run = workspace.runs.find((candidate) => candidate.id === id);
  if (run === undefined) return;
  if (run.status === 'running') await commandRun(run.id, { type: 'pause' });
  else if (run.status === 'paused') await commandRun(run.id, { type: 'continue' });
}

export async function stopTraining(id: RunId | undefined = activeRun.run?.id): Promise<void> {
  if (id !== undefined) await commandRun(id, { type: 'stop' });
}

export async function resumeRun(id: RunId): Promise<void> {
  try {
    await call('runs.resume', { id });
  } catch (error) {
    showError(error);
  }
}
