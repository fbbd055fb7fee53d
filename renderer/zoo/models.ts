/** The zoo as the interface shows it, and how one of its networks becomes a document of the library. */
import { putBlock, viewBlock } from '../../core/graph/blocks.ts';
import type { NetworkDocument } from '../../core/graph/document.ts';
import { moveNodes } from '../../core/graph/edit.ts';
import { serializeDocument } from '../../core/graph/parseDocument.ts';
import { countModel, zoo, type ZooFigures, type ZooModel } from '../../core/zoo/index.ts';
import { arrangeNodes } from '../canvas/layout.ts';
import { call } from '../client.ts';
import { showError } from '../workspace/notices.svelte.ts';
import { workspace } from '../workspace/workspace.svelte.ts';
import { zooText } from './zooText.ts';

export interface ZooRow extends ZooModel {
  readonly label: string;
  readonly keywords: readonly string[];
  readonly figures: ZooFigures;
}

export function zooRows(): ZooRow[] {
  return zoo.map((model) => ({
    ...model,
    label: model.title,
    keywords: [model.id, String(model.year), zooText.families[model.family]],
    figures: countModel(model),
  }));
}

/** Network and blocks arranged as the canvas does it. */
export function arrangeAll(document: NetworkDocument): NetworkDocument {
  return [null, ...document.blocks.map(({ id }) => id)].reduce((arranged, id) => {
    const view = viewBlock(arranged, id);
    return putBlock(arranged, id, moveNodes(view, arrangeNodes(view)));
  }, document);
}

export async function openModel(model: ZooModel): Promise<void> {
  try {
    workspace.openDocument(await call('documents.create', { from: { json: serializeDocument(arrangeAll(model.build())) } }));
    workspace.go('build');
  } catch (error) {
    showError(error);
  }
}
