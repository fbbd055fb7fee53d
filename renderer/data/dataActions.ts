/** What can be done with a data set: use it for a network, delete it, bring it back. */
import type { DataSetInfo } from '../../core/data/dataSet.ts';
import { starterNetwork } from '../../core/graph/starterNetwork.ts';
import { call } from '../client.ts';
import { notify, showError } from '../workspace/notices.svelte.ts';
import { workspace } from '../workspace/workspace.svelte.ts';
import { text } from '../text.ts';
import { dataText } from './dataText.ts';

/** A small network made for the data set, opened in its own tab and bound. Returns whether it worked. */
export async function createStarter(info: DataSetInfo): Promise<boolean> {
  try {
    const name = freeName(info.name);
    const config = await call('data.defaultConfig', { id: info.id, network: name });
    const { roles } = await call('data.roles', { id: info.id, preparation: config.preparation, split: config.split, task: config.task });
    const state = await call('documents.create', { from: { json: JSON.stringify(starterNetwork(roles, name)) } });
    // Saved before it opens: taking back the first step must not take the data set away.
    const { savedAt } = await call('documents.save', { id: state.id, document: state.document, config });
    workspace.openDocument({ ...state, config, savedAt });
    return true;
  } catch (error) {
    showError(error);
    return false;
  }
}

/** Binds the open network to the data set; what does not fit shows as Problems, and Undo takes the binding back. */
export async function useForOpenNetwork(info: DataSetInfo): Promise<void> {
  const open = workspace.document;
  if (open === null) return;
  const before = open.config;
  await workspace.chooseDataSet(info.id);
  if (open.config === before) return;
  notify({ text: dataText.nowUses(open.name, info.name), undo: () => open.undoStep('config', text.steps.dataSet) });
}

function freeName(base: string): string {
  const taken = new Set([...workspace.documents, ...workspace.tabs].map((document) => document.name));
  let name = base;
  for (let number = 2; taken.has(name); number++) name = `${base} ${number}`;
  return name;
}

export async function deleteDataSet(info: DataSetInfo): Promise<void> {
  try {
    await call('data.delete', { id: info.id });
    notify({ text: dataText.deleted(info.name), undo: () => void restoreDataSet(info) });
  } catch (error) {
    showError(error);
  }
}

export async function restoreDataSet(info: DataSetInfo): Promise<void> {
  try {
    await call('data.restore', { id: info.id });
    notify({ text: dataText.restored(info.name) });
  } catch (error) {
    showError(error);
  }
}
