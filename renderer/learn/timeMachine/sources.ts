/** What can be looked at, as the choice names it. */
import type { RunSummary } from '../../../electron/contract/calls.ts';

export const sourceKeys = { network: 'network', run: (id: number) => `run ${id}` };

/** The run a choice stands for; undefined for the open network. */
export function runOf(key: string): number | undefined {
  const match = /^run (\d+)$/.exec(key);
  return match === null ? undefined : Number(match[1]);
}

/** It has made a checkpoint. */
export const hasWeights = ({ status, step }: RunSummary): boolean => status !== 'queued' && status !== 'running' && step > 0;
