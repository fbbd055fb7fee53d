import Trash from '@lucide/svelte/icons/trash-2';
import { text } from '../text.ts';
import { workspace } from '../workspace/workspace.svelte.ts';
import type { Command } from './command.ts';

export const deleteNetwork: Command = {
  id: 'deleteNetwork',
  label: text.commands.deleteNetwork,
  group: 'network',
  icon: Trash,
  danger: true,
  enabled: () => workspace.document !== null,
  run: () => workspace.deleteDocument(workspace.activeId ?? ''),
};
