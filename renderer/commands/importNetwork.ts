import FolderOpen from '@lucide/svelte/icons/folder-open';
import { importNetwork as pickFile } from '../workspace/networkFiles.ts';
import { text } from '../text.ts';
import type { Command } from './command.ts';

export const importNetwork: Command = {
  id: 'importNetwork',
  label: text.commands.importNetwork,
  group: 'network',
  icon: FolderOpen,
  shortcuts: ['$mod+o'],
  keywords: ['open', 'file', 'json', 'layerbench.json'],
  run: () => pickFile(),
};
