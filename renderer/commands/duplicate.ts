import CopyPlus from '@lucide/svelte/icons/copy-plus';
import { duplicateSelection } from '../canvas/actions.ts';
import { text } from '../text.ts';
import { workspace } from '../workspace/workspace.svelte.ts';
import type { Command } from './command.ts';

export const duplicate: Command = {
  id: 'duplicate',
  label: text.commands.duplicate,
  group: 'edit',
  icon: CopyPlus,
  shortcuts: ['$mod+d'],
  places: ['build'],
  enabled: () => (workspace.document?.selectedNodes.size ?? 0) > 0,
  run: () => duplicateSelection(workspace.document),
};
