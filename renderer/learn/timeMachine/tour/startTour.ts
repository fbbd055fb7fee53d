/** The tour from anywhere: on what is open, else on the network behind the first door of the start page. */
import { openSample } from '../../../welcome/firstNetwork.ts';
import { workspace } from '../../../workspace/workspace.svelte.ts';
import { learn } from '../../learnState.svelte.ts';
import { tour } from './tour.svelte.ts';

const firstModel = 'mlp';

export async function startTour(): Promise<void> {
  if (workspace.document?.config === undefined && !(await openSample(firstModel, 'learn'))) return;
  learn.open('timeMachine');
  tour.start();
}
