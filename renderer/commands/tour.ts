import GraduationCap from '@lucide/svelte/icons/graduation-cap';
import { learn } from '../learn/learnState.svelte.ts';
import { tour as state } from '../learn/timeMachine/tour/tour.svelte.ts';
import { tourText } from '../learn/timeMachine/tour/tourText.ts';
import { openSample } from '../welcome/firstNetwork.ts';
import { workspace } from '../workspace/workspace.svelte.ts';
import type { Command } from './command.ts';

/** The network behind the first door of the start page. */
const firstModel = 'mlp';

export const tour: Command = {
  id: 'tour',
  label: tourText.command,
  group: 'view',
  icon: GraduationCap,
  keywords: ['learn', 'explain', 'backpropagation', 'chain rule', 'time machine'],
  run: async () => {
    if (workspace.document?.config === undefined && !(await openSample(firstModel))) return;
    learn.open('timeMachine');
    state.start();
  },
};
