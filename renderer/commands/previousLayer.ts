import { selectNeighbour } from '../canvas/actions.ts';
import { text } from '../text.ts';
import { workspace } from '../workspace/workspace.svelte.ts';
import type { Command } from './command.ts';

export const previousLayer: Command = {
  id: 'previousLayer',
  label: text.commands.previousLayer,
  group: 'canvas',
  shortcuts: ['Alt+ArrowUp'],
  places: ['build'],
  enabled: () => (workspace.document?.view.nodes.length ?? 0) > 0,
  run: () => selectNeighbour(workspace.document, -1),
};
