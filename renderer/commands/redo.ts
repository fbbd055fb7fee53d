import Redo from '@lucide/svelte/icons/redo-2';
import { text } from '../text.ts';
import { workspace } from '../workspace/workspace.svelte.ts';
import type { Command } from './command.ts';

export const redo: Command = {
  id: 'redo',
  label: text.commands.redo,
  group: 'edit',
  icon: Redo,
  shortcuts: ['$mod+Shift+z', '$mod+y'],
  enabled: () => workspace.document?.canRedo(workspace.undoScope) ?? false,
  run: () => workspace.redo(),
};
