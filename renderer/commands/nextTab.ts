import { text } from '../text.ts';
import { workspace } from '../workspace/workspace.svelte.ts';
import type { Command } from './command.ts';

export const nextTab: Command = {
  id: 'nextTab',
  label: text.commands.nextTab,
  group: 'network',
  shortcuts: ['Alt+ArrowRight'],
  enabled: () => workspace.tabs.length > 1,
  run: () => workspace.stepTab(1),
};
