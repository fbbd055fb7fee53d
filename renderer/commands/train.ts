import Play from '@lucide/svelte/icons/play';
import { startTraining, whyNotTrain } from '../train/trainActions.ts';
import { text } from '../text.ts';
import type { Command } from './command.ts';

export const train: Command = {
  id: 'train',
  label: text.commands.train,
  group: 'training',
  icon: Play,
  shortcuts: ['$mod+Enter'],
  inFields: true,
  keywords: ['run', 'start', 'fit'],
  enabled: () => whyNotTrain() === undefined,
  run: () => startTraining(),
};
