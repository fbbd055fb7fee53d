import Maximize from '@lucide/svelte/icons/maximize';
import { canvas } from '../canvas/canvasState.svelte.ts';
import { text } from '../text.ts';
import { workspace } from '../workspace/workspace.svelte.ts';
import type { Command } from './command.ts';

export const fitView: Command = {
  id: 'fitView',
  label: text.commands.fit,
  group: 'canvas',
  icon: Maximize,
  shortcuts: ['f'],
  places: ['build'],
  keywords: ['zoom', 'all'],
  enabled: () => (workspace.document?.view.nodes.length ?? 0) > 0,
  run: () => canvas.fit(),
};
