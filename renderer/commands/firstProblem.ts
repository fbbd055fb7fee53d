import { showFirstProblem } from '../canvas/problems.ts';
import { text } from '../text.ts';
import { workspace } from '../workspace/workspace.svelte.ts';
import type { Command } from './command.ts';

export const firstProblem: Command = {
  id: 'firstProblem',
  label: text.commands.firstProblem,
  group: 'canvas',
  shortcuts: ['F8'],
  keywords: ['error'],
  enabled: () => (workspace.document?.problems.length ?? 0) > 0,
  run: () => showFirstProblem(),
};
