import { text } from '../text.ts';
import { workspace } from '../workspace/workspace.svelte.ts';
import type { Command } from './command.ts';

export const selectAll: Command = {
  id: 'selectAll',
  label: text.commands.selectAll,
  group: 'edit',
  shortcuts: ['$mod+a'],
  places: ['build'],
  enabled: () => workspace.document !== null,
  run: () => workspace.document?.select(workspace.document.view.nodes.map((node) => node.id)),
};
