import Keyboard from '@lucide/svelte/icons/keyboard';
import { text } from '../text.ts';
import { windows } from '../workspace/windows.svelte.ts';
import type { Command } from './command.ts';

export const help: Command = {
  id: 'help',
  label: text.commands.help,
  group: 'view',
  icon: Keyboard,
  shortcuts: ['[Shift]+?', 'F1'],
  run: () => {
    windows.help = true;
  },
};
