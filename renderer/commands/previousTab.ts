import { text } from '../text.ts';
import { workspace } from '../workspace/workspace.svelte.ts';
import type { Command } from './command.ts';

export const previousTab: Command = {
  id: 'previousTab',
  label: text.commands.previousTab,
  group: 'network',
  shortcuts: ['Alt+ArrowLeft'],
  enabled: () => workspace.tabs.length > 1,
  run: () => workspace.stepTab(-1),
};
