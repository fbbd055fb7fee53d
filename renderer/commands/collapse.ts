import Group from '@lucide/svelte/icons/group';
import { collapseSelection } from '../canvas/blockActions.ts';
import { blockText } from '../canvas/blockText.ts';
import { workspace } from '../workspace/workspace.svelte.ts';
import type { Command } from './command.ts';

export const collapse: Command = {
  id: 'collapse',
  label: blockText.collapse,
  group: 'edit',
  icon: Group,
  shortcuts: ['$mod+g'],
  places: ['build'],
  keywords: ['group', 'sub-network', 'repeat', 'fold'],
  enabled: () => (workspace.document?.selectedNodes.size ?? 0) > 0,
  run: () => {
    if (workspace.document !== null) collapseSelection(workspace.document);
  },
};
