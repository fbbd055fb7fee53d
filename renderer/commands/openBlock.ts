import SquareArrowDown from '@lucide/svelte/icons/square-arrow-down';
import { openBlock as openIn, selectedBlock } from '../canvas/blockActions.ts';
import { blockText } from '../canvas/blockText.ts';
import { workspace } from '../workspace/workspace.svelte.ts';
import type { Command } from './command.ts';

export const openBlock: Command = {
  id: 'openBlock',
  label: blockText.open,
  group: 'canvas',
  icon: SquareArrowDown,
  shortcuts: ['$mod+ArrowDown'],
  places: ['build'],
  keywords: ['enter', 'inside', 'edit'],
  enabled: () => selectedBlock(workspace.document) !== null,
  run: () => {
    const open = workspace.document;
    if (open !== null) openIn(open, selectedBlock(open));
  },
};
