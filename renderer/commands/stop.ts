import Stop from '@lucide/svelte/icons/square';
import { activeRun } from '../train/liveRuns.svelte.ts';
import { stopTraining } from '../train/trainActions.ts';
import { text } from '../text.ts';
import type { Command } from './command.ts';

export const stop: Command = {
  id: 'stop',
  label: text.commands.stop,
  group: 'training',
  icon: Stop,
  shortcuts: ['Alt+s'],
  enabled: () => activeRun.run !== undefined,
  run: () => stopTraining(),
};
