import ZoomOut from '@lucide/svelte/icons/zoom-out';
import { canvas } from '../canvas/canvasState.svelte.ts';
import { text } from '../text.ts';
import { workspace } from '../workspace/workspace.svelte.ts';
import type { Command } from './command.ts';

export const zoomOut: Command = {
  id: 'zoomOut',
  label: text.commands.zoomOut,
  group: 'canvas',
  icon: ZoomOut,
  shortcuts: ['-'],
  places: ['build'],
  enabled: () => workspace.document !== null,
  run: () => canvas.zoomOut(),
};
