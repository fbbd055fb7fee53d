/** Opens sample networks bound to the data they are made for, ready to train. */
import { call } from '../client.ts';
import { showError } from '../workspace/notices.svelte.ts';
import { workspace, type Place } from '../workspace/workspace.svelte.ts';

/** The network behind the first door. */
const firstSample = 'mlp';

/**
 * Opens a sample network in a tab of its own, with its data set's default settings if it brings none, and goes to `place`,
 * unless the person went somewhere else while it opened.
 * @returns whether it opened
 */
export async function openSample(id: string, place: Place = 'build'): Promise<boolean> {
  const { visits } = workspace;
  try {
    const [samples, state] = await Promise.all([call('documents.samples', {}), call('documents.create', { from: { sample: id } })]);
    const dataSet = samples.find((sample) => sample.id === id)?.dataSet;
    if (state.config !== undefined || dataSet === undefined) {
      workspace.openDocument(state);
    } else {
      const config = await call('data.defaultConfig', { id: dataSet, network: state.document.name });
      // Saved before it opens: taking back the first step must not take the data set away.
      const { savedAt } = await call('documents.save', { id: state.id, document: state.document, config });
      workspace.openDocument({ ...state, config, savedAt });
    }
    if (workspace.visits === visits) workspace.go(place);
    return true;
  } catch (error) {
    showError(error);
    return false;
  }
}

/** The first door: lands on Train with the focus on its button, so that one more press moves the curve. */
export async function trainFirstNetwork(): Promise<void> {
  if (await openSample(firstSample, 'train')) workspace.focusTrain = workspace.place === 'train';
}
