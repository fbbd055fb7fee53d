import Pencil from '@lucide/svelte/icons/pencil';
import { text } from '../text.ts';
import { windows } from '../workspace/windows.svelte.ts';
import { workspace } from '../workspace/workspace.svelte.ts';
import type { Command } from './command.ts';

export const renameNetwork: Command = {
  id: 'renameNetwork',
  label: text.commands.renameNetwork,
  group: 'network',
  icon: Pencil,
  shortcuts: ['Shift+F2'],
  enabled: () => workspace.document !== null,
  run: () => {
    windows.renaming = workspace.activeId;
  },
};
