import CopyPlus from '@lucide/svelte/icons/copy-plus';
import { duplicateNetwork as saveCopy } from '../workspace/networkFiles.ts';
import { text } from '../text.ts';
import { workspace } from '../workspace/workspace.svelte.ts';
import type { Command } from './command.ts';

export const duplicateNetwork: Command = {
  id: 'duplicateNetwork',
  label: text.commands.duplicateNetwork,
  group: 'network',
  icon: CopyPlus,
  enabled: () => workspace.document !== null,
  run: () => saveCopy(),
};
