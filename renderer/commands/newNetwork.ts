import Plus from '@lucide/svelte/icons/plus';
import { text } from '../text.ts';
import { workspace } from '../workspace/workspace.svelte.ts';
import type { Command } from './command.ts';

export const newNetwork: Command = {
  id: 'newNetwork',
  label: text.commands.newNetwork,
  group: 'network',
  icon: Plus,
  shortcuts: ['Alt+n'],
  keywords: ['empty', 'blank', 'untitled', 'create'],
  run: async () => void (await workspace.createEmpty()),
};
