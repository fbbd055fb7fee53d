import Trash from '@lucide/svelte/icons/trash-2';
import { deleteSelection } from '../canvas/actions.ts';
import { text } from '../text.ts';
import { workspace } from '../workspace/workspace.svelte.ts';
import type { Command } from './command.ts';

export const remove: Command = {
  id: 'remove',
  label: text.commands.remove,
  group: 'edit',
  icon: Trash,
  shortcuts: ['Delete', 'Backspace'],
  places: ['build'],
  enabled: () => (workspace.document?.selectedNodes.size ?? 0) + (workspace.document?.selectedEdges.size ?? 0) > 0,
  run: () => deleteSelection(workspace.document),
};
