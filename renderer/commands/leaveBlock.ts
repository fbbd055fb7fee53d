import SquareArrowUp from '@lucide/svelte/icons/square-arrow-up';
import { leaveTo } from '../canvas/blockActions.ts';
import { blockText } from '../canvas/blockText.ts';
import { workspace } from '../workspace/workspace.svelte.ts';
import type { Command } from './command.ts';

/** With Escape only where nothing is selected: a selection is cleared first. */
export const leaveBlock: Command = {
  id: 'leaveBlock',
  label: blockText.leaveBlock,
  group: 'canvas',
  icon: SquareArrowUp,
  shortcuts: ['$mod+ArrowUp', 'Escape'],
  places: ['build'],
  keywords: ['back', 'up', 'outside'],
  enabled: () => (workspace.document?.path.length ?? 0) > 0,
  run: () => {
    const open = workspace.document;
    if (open !== null) leaveTo(open, open.path.length - 1);
  },
};
