import Network from '@lucide/svelte/icons/network';
import { arrange as arrangeLayers } from '../canvas/actions.ts';
import { text } from '../text.ts';
import { workspace } from '../workspace/workspace.svelte.ts';
import type { Command } from './command.ts';

export const arrange: Command = {
  id: 'arrange',
  label: text.commands.arrange,
  group: 'canvas',
  icon: Network,
  shortcuts: ['Shift+L'],
  places: ['build'],
  keywords: ['layout', 'auto', 'tidy', 'dagre'],
  enabled: () => (workspace.document?.view.nodes.length ?? 0) > 0,
  run: () => arrangeLayers(workspace.document),
};
