import Undo from '@lucide/svelte/icons/undo-2';
import { text } from '../text.ts';
import { workspace } from '../workspace/workspace.svelte.ts';
import type { Command } from './command.ts';

export const undo: Command = {
  id: 'undo',
  label: text.commands.undo,
  group: 'edit',
  icon: Undo,
  shortcuts: ['$mod+z'],
  enabled: () => workspace.document?.canUndo(workspace.undoScope) ?? false,
  run: () => workspace.undo(),
};
