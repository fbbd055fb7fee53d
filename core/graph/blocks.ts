/** Named blocks of a document: found, looked into, put back. Everything that edits or reads a graph works on a view of a block. */
import { findLayer } from '../layers/index.ts';
import type { BlockDefinition, BlockId, LayerNode, NetworkDocument } from './document.ts';

export function findBlock(document: NetworkDocument, id: BlockId | undefined): BlockDefinition | undefined {
  return document.blocks.find((block) => block.id === id);
}

/** The block's graph as a document of its own, beside the same blocks; the document itself where there is no such block. */
export function viewBlock(document: NetworkDocument, id: BlockId | null): NetworkDocument {
  const block = id === null ? undefined : findBlock(document, id);
  return block === undefined ? document : { ...document, nodes: block.nodes, edges: block.edges };
}

/** The document with what became of a view: the block's graph, and blocks that were added or changed meanwhile. */
export function putBlock(document: NetworkDocument, id: BlockId | null, view: NetworkDocument): NetworkDocument {
  if (id === null || findBlock(document, id) === undefined) return view;
  const blocks = view.blocks.map((block) => (block.id === id ? { ...block, nodes: view.nodes, edges: view.edges } : block));
  return { ...document, name: view.name, blocks };
}

/** The block's inputs in the order of its ports. */
export function blockInputs(block: BlockDefinition): LayerNode[] {
  return block.nodes.filter(({ type }) => type === 'blockInput');
}

/** How many inputs a node takes: of a block as many as it has block inputs. */
export function inputCountOf(document: NetworkDocument, node: LayerNode): { readonly min: number; readonly max: number } {
  const block = node.type === 'block' ? findBlock(document, node.block) : undefined;
  if (block !== undefined) {
    const count = blockInputs(block).length;
    return { min: count, max: count };
  }
  return findLayer(node.type)?.inputCount ?? { min: 0, max: Infinity };
}

/** Blocks that nodes stand for, those within blocks included, each after the blocks it uses. */
export function usedBlocks(document: NetworkDocument, nodes: readonly LayerNode[] = document.nodes): BlockDefinition[] {
  const found = new Map<BlockId, BlockDefinition>();
  const open = new Set<BlockId>();
  const visit = (node: LayerNode): void => {
    const block = node.type === 'block' ? findBlock(document, node.block) : undefined;
    if (block === undefined || found.has(block.id) || open.has(block.id)) return;
    open.add(block.id);
    block.nodes.forEach(visit);
    found.set(block.id, block);
  };
  nodes.forEach(visit);
  return [...found.values()];
}

/** Whether block `outer` is `inner` or holds it at any depth: then `outer` can't stand in `inner`. */
export function containsBlock(document: NetworkDocument, outer: BlockId, inner: BlockId): boolean {
  const block = findBlock(document, outer);
  return outer === inner || (block !== undefined && usedBlocks(document, block.nodes).some(({ id }) => id === inner));
}
