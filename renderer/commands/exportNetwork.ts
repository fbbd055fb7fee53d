import Download from '@lucide/svelte/icons/download';
import { exportNetwork as saveFile } from '../workspace/networkFiles.ts';
import { text } from '../text.ts';
import { workspace } from '../workspace/workspace.svelte.ts';
import type { Command } from './command.ts';

export const exportNetwork: Command = {
  id: 'exportNetwork',
  label: text.commands.exportNetwork,
  group: 'network',
  icon: Download,
  shortcuts: ['$mod+Shift+e'],
  keywords: ['save', 'file', 'json', 'layerbench.json'],
  enabled: () => workspace.document !== null,
  run: () => saveFile(),
};
