import Pencil from '@lucide/svelte/icons/pencil';
import { canvas } from '../canvas/canvasState.svelte.ts';
import { text } from '../text.ts';
import { workspace } from '../workspace/workspace.svelte.ts';
import type { Command } from './command.ts';

export const renameLayer: Command = {
  id: 'renameLayer',
  label: text.commands.rename,
  group: 'edit',
  icon: Pencil,
  shortcuts: ['F2'],
  places: ['build'],
  enabled: () => workspace.document?.selectedNode !== null,
  run: () => canvas.focusInspector('name'),
};
