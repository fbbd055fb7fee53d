import Sparkles from '@lucide/svelte/icons/sparkles';
import type { RunSummary } from '../../electron/contract/calls.ts';
import { runsState } from '../runs/runsState.svelte.ts';
import { canUse, useRun as use } from '../use/useActions.ts';
import { useText } from '../use/useText.ts';
import { workspace } from '../workspace/workspace.svelte.ts';
import type { Command } from './command.ts';

/** The one selected in Runs, elsewhere the open network's last. */
function shownRun(): RunSummary | undefined {
  if (workspace.place === 'runs') return runsState.chosen.length === 1 ? runsState.chosen[0] : undefined;
  return workspace.runs.find(({ id }) => id === workspace.document?.lastRun?.id);
}

function usable(): RunSummary | undefined {
  const run = shownRun();
  return run !== undefined && canUse(run) ? run : undefined;
}

export const useRun: Command = {
  id: 'useRun',
  label: useText.command,
  group: 'training',
  icon: Sparkles,
  shortcuts: ['Alt+u'],
  keywords: ['predict', 'generate', 'sample', 'forecast', 'score', 'inference', 'try', 'export', 'javascript', 'model'],
  enabled: () => workspace.usedRun === null && usable() !== undefined,
  run: () => {
    const run = usable();
    if (run !== undefined) use(run);
  },
};
