import Pause from '@lucide/svelte/icons/pause';
import { activeRun } from '../train/liveRuns.svelte.ts';
import { pauseOrContinue } from '../train/trainActions.ts';
import { text } from '../text.ts';
import type { Command } from './command.ts';

export const pause: Command = {
  id: 'pause',
  label: text.commands.pause,
  group: 'training',
  icon: Pause,
  shortcuts: ['Alt+p'],
  enabled: () => activeRun.status === 'running' || activeRun.status === 'paused',
  run: () => pauseOrContinue(),
};
