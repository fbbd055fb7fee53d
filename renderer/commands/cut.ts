import Scissors from '@lucide/svelte/icons/scissors';
import { text } from '../text.ts';
import { workspace } from '../workspace/workspace.svelte.ts';
import type { Command } from './command.ts';

export const cut: Command = {
  id: 'cut',
  label: text.commands.cut,
  group: 'edit',
  icon: Scissors,
  shortcuts: ['$mod+x'],
  native: true,
  places: ['build'],
  enabled: () => (workspace.document?.selectedNodes.size ?? 0) > 0,
  run: () => void document.execCommand('cut'),
};
