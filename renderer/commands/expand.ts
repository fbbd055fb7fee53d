import Ungroup from '@lucide/svelte/icons/ungroup';
import { expandBlock, selectedBlock } from '../canvas/blockActions.ts';
import { blockText } from '../canvas/blockText.ts';
import { workspace } from '../workspace/workspace.svelte.ts';
import type { Command } from './command.ts';

export const expand: Command = {
  id: 'expand',
  label: blockText.expand,
  group: 'edit',
  icon: Ungroup,
  shortcuts: ['$mod+Shift+g'],
  places: ['build'],
  keywords: ['ungroup', 'unroll', 'flatten'],
  enabled: () => selectedBlock(workspace.document) !== null,
  run: () => {
    const open = workspace.document;
    if (open !== null) expandBlock(open, selectedBlock(open));
  },
};
