/** Which run can be put to use, and the way to it. */
import type { RunSummary } from '../../electron/contract/calls.ts';
import { workspace } from '../workspace/workspace.svelte.ts';

/** A run that ended with weights; of one that failed or was interrupted nobody says which. */
export const canUse = (run: RunSummary): boolean => run.status === 'completed' || run.status === 'stopped';

export function useRun(run: RunSummary): void {
  workspace.usedRun = run.id;
}
