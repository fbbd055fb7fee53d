import { text } from '../text.ts';
import { workspace } from '../workspace/workspace.svelte.ts';
import type { Command } from './command.ts';

export const deselect: Command = {
  id: 'deselect',
  label: text.commands.deselect,
  group: 'edit',
  shortcuts: ['Escape'],
  places: ['build'],
  enabled: () => (workspace.document?.selectedNodes.size ?? 0) + (workspace.document?.selectedEdges.size ?? 0) > 0,
  run: () => workspace.document?.select([]),
};
