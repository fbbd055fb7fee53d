/** Blocks that come along with copied nodes into a document that may have blocks of its own. */
import type { BlockDefinition, BlockId, NetworkDocument } from './document.ts';
import { nextBlockId, uniqueBlockName } from './names.ts';

/**
 * Adds the blocks that the document does not have yet, each after those it uses. A block of the same id and content is
 * the same block.
 * @returns the document, and the ids of the blocks in it by their ids in `blocks`
 */
export function adoptBlocks(
  document: NetworkDocument,
  blocks: readonly BlockDefinition[],
): { document: NetworkDocument; ids: ReadonlyMap<BlockId, BlockId> } {
  const ids = new Map<BlockId, BlockId>();
  let result = document;
  for (const block of blocks) {
    const nodes = block.nodes.map((node) => (node.block === undefined ? node : { ...node, block: ids.get(node.block) ?? node.block }));
    const present = result.blocks.find(({ id }) => id === block.id);
    if (present !== undefined && JSON.stringify(present) === JSON.stringify({ ...block, nodes })) {
      ids.set(block.id, block.id);
      continue;
    }
    const id = nextBlockId(result);
    const names = new Set(result.blocks.map(({ name }) => name));
    ids.set(block.id, id);
    result = {
      ...result,
      blocks: [...result.blocks, { ...block, id, nodes, name: names.has(block.name) ? uniqueBlockName(block.name, names) : block.name }],
    };
  }
  return { document: result, ids };
}
