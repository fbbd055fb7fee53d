import X from '@lucide/svelte/icons/x';
import { text } from '../text.ts';
import { workspace } from '../workspace/workspace.svelte.ts';
import type { Command } from './command.ts';

export const closeTab: Command = {
  id: 'closeTab',
  label: text.commands.closeTab,
  group: 'network',
  icon: X,
  shortcuts: ['Alt+w'],
  enabled: () => workspace.document !== null,
  run: () => workspace.closeTab(workspace.activeId ?? ''),
};
