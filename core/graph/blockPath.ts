/** Ways into blocks: the block nodes that are opened one after the other, as breadcrumbs show them. */
import { block as blockLayer } from '../layers/block.ts';
import { resolveParams } from '../layers/params.ts';
import { findBlock, viewBlock } from './blocks.ts';
import type { BlockId, NetworkDocument, NodeId } from './document.ts';
import type { NetworkShapes } from './inferShapes.ts';

/** One opened block. */
export interface BlockStep {
  readonly node: NodeId;
  readonly name: string;
  readonly block: BlockId;
  readonly repeat: number;
}

export interface OpenedBlock {
  /** As far as the path leads; shorter where its nodes are gone. */
  readonly steps: readonly BlockStep[];
  /** What is seen there. */
  readonly view: NetworkDocument;
  readonly shapes: NetworkShapes;
}

export function followPath(document: NetworkDocument, shapes: NetworkShapes, path: readonly NodeId[]): OpenedBlock {
  let opened: OpenedBlock = { steps: [], view: document, shapes };
  for (const id of path) {
    const node = opened.view.nodes.find((candidate) => candidate.id === id);
    const inside = opened.shapes.nodes.get(id)?.inside;
    const block = findBlock(document, node?.block);
    if (node === undefined || inside === undefined || block === undefined) break;
    const { repeat } = resolveParams(blockLayer, node.params);
    const step = { node: id, name: node.name, block: block.id, repeat };
    opened = { steps: [...opened.steps, step], view: viewBlock(document, block.id), shapes: inside };
  }
  return opened;
}

/** The shortest way into a block; null where no node of the network leads to it. */
export function pathToBlock(document: NetworkDocument, target: BlockId): NodeId[] | null {
  const ways: { readonly view: NetworkDocument; readonly path: NodeId[] }[] = [{ view: document, path: [] }];
  const seen = new Set<BlockId>();
  for (const { view, path } of ways) {
    for (const { id, block } of view.nodes) {
      if (block === target) return [...path, id];
      if (block === undefined || seen.has(block) || findBlock(document, block) === undefined) continue;
      seen.add(block);
      ways.push({ view: viewBlock(document, block), path: [...path, id] });
    }
  }
  return null;
}

/** Whether a lowered layer (`n5/0/n2`, the second number a repetition) is the node at the end of a path, or lies within it. */
export function isWithin(lowered: string, path: readonly NodeId[]): boolean {
  const nodes = lowered.split('/').filter((_, i) => i % 2 === 0);
  return path.every((id, i) => nodes[i] === id);
}
