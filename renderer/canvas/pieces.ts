/** What can be put on the canvas where it is: layers, the ends of network or block, the network's blocks and a new one. */
import { containsBlock, findBlock } from '../../core/graph/blocks.ts';
import type { BlockId, NetworkDocument, ParamValues } from '../../core/graph/document.ts';
import { newNodeParams } from '../../core/graph/edit.ts';
import { newBlock } from '../../core/graph/editBlocks.ts';
import type { LayerDefinition } from '../../core/layers/defineLayer.ts';
import { blockLayers, findLayer, layers } from '../../core/layers/index.ts';
import type { OpenDocument } from '../workspace/openDocument.svelte.ts';
import { blockText } from './blockText.ts';

/** A new block, and one of the network by its id. */
export const newBlockKey = 'block';
const keyOfBlock = (id: BlockId): string => `block:${id}`;

type Place = Pick<OpenDocument, 'blockId' | 'document'>;

export function offeredLayers(open: Place | null): readonly LayerDefinition[] {
  if (open === null || open.blockId === null) return layers;
  const ends = blockLayers.filter(({ type }) => type !== 'block');
  return [...ends, ...layers.filter(({ type }) => type !== 'input' && type !== 'output')];
}

export interface OfferedBlock {
  readonly key: string;
  readonly label: string;
  readonly doc: string;
}

/** A block can't stand in itself, so those around are left out. */
export function offeredBlocks({ document, blockId }: Place): OfferedBlock[] {
  const fitting = document.blocks.filter(({ id }) => blockId === null || !containsBlock(document, id, blockId));
  return [
    { key: newBlockKey, label: blockText.newBlock, doc: blockText.newBlockDoc },
    ...fitting.map(({ id, name }) => ({ key: keyOfBlock(id), label: name, doc: blockText.blockDoc(name) })),
  ];
}

export interface Piece {
  /** What the canvas shows, with the new block where there is one. */
  readonly view: NetworkDocument;
  readonly type: string;
  readonly params: ParamValues;
  readonly block?: BlockId;
  readonly layer: LayerDefinition;
  readonly title: string;
  readonly takesInput: boolean;
}

/** `key`: a layer's type, or as `offeredBlocks` names blocks; null where there is no such thing. */
export function pieceOf(open: OpenDocument, key: string): Piece | null {
  const [type = '', wanted] = key.split(':');
  const layer = findLayer(type);
  if (layer === undefined) return null;
  const plain = { view: open.view, type, params: newNodeParams(type, open.roles), layer };
  if (type !== 'block') return { ...plain, title: layer.title, takesInput: layer.inputCount.max > 0 };
  const added = wanted === undefined ? newBlock(open.view) : { document: open.view, id: wanted };
  const block = findBlock(added.document, added.id);
  if (block === undefined) return null;
  const takesInput = block.nodes.some((node) => node.type === 'blockInput');
  return { ...plain, view: added.document, block: block.id, title: block.name, takesInput };
}
