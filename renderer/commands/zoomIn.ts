import ZoomIn from '@lucide/svelte/icons/zoom-in';
import { canvas } from '../canvas/canvasState.svelte.ts';
import { text } from '../text.ts';
import { workspace } from '../workspace/workspace.svelte.ts';
import type { Command } from './command.ts';

export const zoomIn: Command = {
  id: 'zoomIn',
  label: text.commands.zoomIn,
  group: 'canvas',
  icon: ZoomIn,
  shortcuts: ['[Shift]++', '='],
  places: ['build'],
  enabled: () => workspace.document !== null,
  run: () => canvas.zoomIn(),
};
