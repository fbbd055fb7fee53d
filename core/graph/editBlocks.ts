/** Pure edits of blocks: collapse layers into one, expand one, name, copy and remove blocks. They work on a view too (blocks.ts). */
import { block as blockLayer } from '../layers/block.ts';
import { resolveParams } from '../layers/params.ts';
import type { Problem } from '../problem.ts';
import { blockInputs, findBlock, usedBlocks } from './blocks.ts';
import type { BlockDefinition, BlockId, Edge, LayerNode, NetworkDocument, NodeId } from './document.ts';
import { addNode, connect, removeNodes, rowHeight, setWeightsOf } from './edit.ts';
import { nextBlockId, nextEdgeId, uniqueBlockName, uniqueName } from './names.ts';
import { ancestors, descendants, readGraph, topologicalOrder } from './walk.ts';

/** Expanded, a block gives at most so many layers: more could not be read. */
const mostExpanded = 500;

/** Where a block's first node stands. */
const left = 160;
const top = 40;

/** An empty block, whose input leads straight to its output. */
export function newBlock(document: NetworkDocument): { document: NetworkDocument; id: BlockId } {
  const id = nextBlockId(document);
  const name = uniqueBlockName('block', new Set(document.blocks.map((block) => block.name)));
  const end = (type: 'blockInput' | 'blockOutput', number: number): LayerNode => ({
    id: `n${number}`,
    type,
    typeVersion: 1,
    name: type === 'blockInput' ? 'in' : 'out',
    params: {},
    position: { x: left, y: top + (number - 1) * rowHeight },
  });
  const block: BlockDefinition = {
    id,
    name,
    nodes: [end('blockInput', 1), end('blockOutput', 2)],
    edges: [{ id: 'e1', from: 'n1', to: 'n2', toPort: 0 }],
  };
  return { document: { ...document, blocks: [...document.blocks, block] }, id };
}

/** Why the chosen nodes can't become a block, or null. */
export function whyNotCollapse(document: NetworkDocument, ids: Iterable<NodeId>): Problem | null {
  const chosen = new Set(ids);
  const nodes = document.nodes.filter(({ id }) => chosen.has(id));
  const refuse = (code: string, message: string): Problem => ({ code, message, where: { kind: 'document' } });
  const end = nodes.find(({ type }) => ['input', 'output', 'blockInput', 'blockOutput'].includes(type));
  if (nodes.length === 0) return refuse('collapse.nothing', 'No layers are selected.');
  if (end !== undefined) return refuse('collapse.end', `${end.name} can't be part of a block: data enter and leave outside of it.`);
  const leaving = leavingNodes(document, chosen);
  if (leaving.length !== 1) {
    const names = leaving.map(({ name }) => name).join(' and ');
    return refuse(
      'collapse.outputs',
      leaving.length === 0
        ? 'These layers lead nowhere: a block needs one layer that leads on.'
        : `A block has one output, but ${names} lead out of these layers.`,
    );
  }
  const graph = readGraph(document);
  const before = new Set([...chosen].flatMap((id) => [...ancestors(graph, id)]));
  const between = [...chosen].flatMap((id) => [...descendants(graph, id)]).find((id) => !chosen.has(id) && before.has(id));
  if (between !== undefined) {
    const name = graph.nodes.get(between)?.name ?? '';
    return refuse('collapse.between', `${name} lies between these layers: select it too, or the block would lead back into itself.`);
  }
  const parted = document.nodes.find(({ id, weightsOf }) => weightsOf !== undefined && chosen.has(id) !== chosen.has(weightsOf));
  if (parted === undefined) return null;
  const owner = graph.nodes.get(parted.weightsOf ?? '')?.name ?? '';
  return refuse('collapse.weights', `${parted.name} uses the weights of ${owner}: select both or neither.`);
}

/** The chosen nodes become a block with one node in their place. Changes nothing where `whyNotCollapse` says why not. */
export function collapse(document: NetworkDocument, ids: Iterable<NodeId>): { document: NetworkDocument; node?: LayerNode } {
  const chosen = new Set(ids);
  const last = leavingNodes(document, chosen)[0];
  if (whyNotCollapse(document, chosen) !== null || last === undefined) return { document };
  const { block, sources } = makeBlock(document, chosen, last);
  const inside = document.nodes.filter(({ id }) => chosen.has(id));
  const position = { x: middle(inside.map((node) => node.position.x)), y: middle(inside.map((node) => node.position.y)) };
  const followers = document.edges.filter(({ from, to }) => from === last.id && !chosen.has(to));
  const added = addNode(
    { ...removeNodes(document, chosen), blocks: [...document.blocks, block] },
    { type: 'block', block: block.id, position, name: uniqueName('block', new Set(document.nodes.map(({ name }) => name))) },
  );
  const entered = sources.reduce((drawn, from, port) => connect(drawn, from, added.node.id, port), added.document);
  const followed = followers.reduce((drawn, { to, toPort }) => connect(drawn, added.node.id, to, toPort), entered);
  return { document: followed, node: added.node };
}

/** The definition, and the nodes outside that lead to its inputs, in the order of the ports. */
function makeBlock(document: NetworkDocument, chosen: ReadonlySet<NodeId>, last: LayerNode): { block: BlockDefinition; sources: NodeId[] } {
  const nodes = document.nodes.filter(({ id }) => chosen.has(id));
  const order = topologicalOrder(document, readGraph(document));
  const entering = document.edges.filter(({ from, to }) => !chosen.has(from) && chosen.has(to));
  const sources = [...new Set(entering.map(({ from }) => from))].sort((a, b) => order.indexOf(a) - order.indexOf(b));
  const shift = {
    x: left - Math.min(...nodes.map(({ position }) => position.x)),
    y: top + rowHeight - Math.min(...nodes.map(({ position }) => position.y)),
  };
  const moved = nodes.map((node) => ({ ...node, position: { x: node.position.x + shift.x, y: node.position.y + shift.y } }));
  const inner = document.edges.filter(({ from, to }) => chosen.has(from) && chosen.has(to));
  let graph: NetworkDocument = { ...document, nodes: moved, edges: inner };
  const end = (type: string, position: LayerNode['position'], name: string): LayerNode => {
    const added = addNode(graph, { type, position, name });
    graph = added.document;
    return added.node;
  };
  sources.forEach((source, port) => {
    const name = sources.length === 1 ? 'in' : `in ${port + 1}`;
    const { id } = end('blockInput', { x: left + port * 260, y: top }, name);
    for (const edge of entering) {
      if (edge.from === source) graph = { ...graph, edges: [...graph.edges, { ...edge, id: nextEdgeId(graph), from: id }] };
    }
  });
  const bottom = Math.max(...moved.map(({ position }) => position.y)) + rowHeight;
  const out = end('blockOutput', { x: moved.find(({ id }) => id === last.id)?.position.x ?? left, y: bottom }, 'out');
  const { nodes: drawn, edges } = connect(graph, last.id, out.id, 0);
  const name = uniqueBlockName('block', new Set(document.blocks.map((block) => block.name)));
  return { block: { id: nextBlockId(document), name, nodes: drawn, edges }, sources };
}

/** Of the chosen nodes those that lead out, else those that lead nowhere. */
function leavingNodes(document: NetworkDocument, chosen: ReadonlySet<NodeId>): LayerNode[] {
  const nodes = document.nodes.filter(({ id }) => chosen.has(id));
  const out = nodes.filter(({ id }) => document.edges.some(({ from, to }) => from === id && !chosen.has(to)));
  return out.length > 0 ? out : nodes.filter(({ id }) => !document.edges.some(({ from }) => from === id));
}

/** Why a block node can't be replaced by its layers, or null. */
export function whyNotExpand(document: NetworkDocument, id: NodeId): Problem | null {
  const node = document.nodes.find((candidate) => candidate.id === id);
  const block = findBlock(document, node?.block);
  const refuse = (code: string, message: string): Problem => ({ code, message, where: { kind: 'node', node: id } });
  if (node === undefined || block === undefined) return refuse('expand.noBlock', 'This is not a block.');
  if (!block.nodes.some(({ type }) => type === 'blockOutput'))
    return refuse('expand.noOutput', `The block "${block.name}" has no Block output.`);
  const sharing = document.nodes.find((other) => other.weightsOf === id) ?? (node.weightsOf === undefined ? undefined : node);
  if (sharing !== undefined) {
    return refuse('expand.weights', `${sharing.name} shares its weights with another block: give it weights of its own first.`);
  }
  const count = resolveParams(blockLayer, node.params).repeat * block.nodes.length;
  return count <= mostExpanded
    ? null
    : refuse('expand.tooMany', `${node.name} would become ${count.toLocaleString('en-US')} layers, at most ${mostExpanded} are drawn.`);
}

/** A block node is replaced by its layers, once for each repetition, one below the other. */
export function expandNode(document: NetworkDocument, id: NodeId): { document: NetworkDocument; ids: NodeId[] } {
  const node = document.nodes.find((candidate) => candidate.id === id);
  const block = findBlock(document, node?.block);
  if (whyNotExpand(document, id) !== null || node === undefined || block === undefined) return { document, ids: [] };
  const { repeat } = resolveParams(blockLayer, node.params);
  const ids: NodeId[] = [];
  const before = document.edges.filter(({ to }) => to === id);
  const after = document.edges.filter(({ from }) => from === id);
  const origin = Math.min(...block.nodes.map(({ position }) => position.y)) + rowHeight;
  const height = Math.max(...block.nodes.map(({ position }) => position.y)) - origin;
  let drawn = removeNodes(document, [id]);
  /** Nodes of the document that lead to each port. */
  let entering: (NodeId | undefined)[] = blockInputs(block).map((_, port) => before.find(({ toPort }) => toPort === port)?.from);
  for (let i = 0; i < repeat; i++) {
    const at = { x: node.position.x - left, y: node.position.y - origin + i * height };
    const copy = copyWithin(drawn, block, node, at, entering);
    drawn = copy.document;
    ids.push(...copy.ids);
    entering = [copy.leaving, ...entering.slice(1)];
  }
  const leaving = entering[0];
  if (leaving !== undefined) for (const { to, toPort } of after) drawn = connect(drawn, leaving, to, toPort);
  const room = Math.max(0, repeat * height - rowHeight);
  const moved = new Set(ids);
  return {
    ids,
    document: {
      ...drawn,
      nodes: drawn.nodes.map((other) =>
        moved.has(other.id) || other.position.y <= node.position.y
          ? other
          : { ...other, position: { ...other.position, y: other.position.y + room } },
      ),
    },
  };
}

/** One repetition's layers, connected to what enters. */
function copyWithin(
  document: NetworkDocument,
  block: BlockDefinition,
  node: LayerNode,
  at: LayerNode['position'],
  entering: readonly (NodeId | undefined)[],
): { document: NetworkDocument; ids: NodeId[]; leaving?: NodeId } {
  /** Nodes of the document by nodes of the block. */
  const ids = new Map<NodeId, NodeId | undefined>(blockInputs(block).map((input, port) => [input.id, entering[port]]));
  const added: NodeId[] = [];
  let drawn = document;
  for (const layer of block.nodes) {
    if (layer.type === 'blockInput' || layer.type === 'blockOutput') continue;
    const { weightsOf: _, ...own } = layer;
    const position = { x: layer.position.x + at.x, y: layer.position.y + at.y };
    const result = addNode(drawn, { ...own, ...(node.frozen === true ? { frozen: true as const } : {}), position });
    ids.set(layer.id, result.node.id);
    added.push(result.node.id);
    drawn = result.document;
  }
  for (const { id, weightsOf } of block.nodes) {
    const source = weightsOf === undefined ? undefined : ids.get(weightsOf);
    const target = ids.get(id);
    if (source !== undefined && target !== undefined) drawn = setWeightsOf(drawn, target, source);
  }
  const end = block.nodes.find(({ type }) => type === 'blockOutput');
  const lines: Edge[] = [...drawn.edges];
  let leaving: NodeId | undefined;
  for (const { from, to, toPort } of block.edges) {
    const source = ids.get(from);
    const target = ids.get(to);
    if (to === end?.id) leaving = source;
    else if (source !== undefined && target !== undefined)
      lines.push({ id: nextEdgeId({ nodes: [], edges: lines }), from: source, to: target, toPort });
  }
  return { document: { ...drawn, edges: lines }, ids: added, ...(leaving === undefined ? {} : { leaving }) };
}

/** Why a block can't have a name, or null. */
export function whyNotRenameBlock(document: NetworkDocument, id: BlockId, name: string): Problem | null {
  const wanted = name.trim();
  const message =
    wanted === ''
      ? 'A block needs a name.'
      : wanted.length > 60
        ? `A block's name has at most 60 characters, got ${wanted.length}.`
        : document.blocks.some((other) => other.id !== id && other.name === wanted)
          ? `Another block is already named ${wanted}.`
          : null;
  return message === null ? null : { code: 'block.name', message, where: { kind: 'document' } };
}

/** A name that is empty or taken leaves the old one. */
export function renameBlock(document: NetworkDocument, id: BlockId, name: string): NetworkDocument {
  if (whyNotRenameBlock(document, id, name) !== null) return document;
  return { ...document, blocks: document.blocks.map((block) => (block.id === id ? { ...block, name: name.trim() } : block)) };
}

/** A block node gets a copy of its block, so that changing it leaves the other nodes of that block as they are. */
export function separateBlock(document: NetworkDocument, id: NodeId): NetworkDocument {
  const node = document.nodes.find((candidate) => candidate.id === id);
  const block = findBlock(document, node?.block);
  if (node === undefined || block === undefined) return document;
  const copy = { ...block, id: nextBlockId(document), name: uniqueBlockName(block.name, new Set(document.blocks.map(({ name }) => name))) };
  return {
    ...document,
    nodes: document.nodes.map((other) => (other === node ? { ...node, block: copy.id } : other)),
    blocks: [...document.blocks, copy],
  };
}

/** How many nodes stand for the block, in the network and in all blocks. */
export function blockUses(document: NetworkDocument, id: BlockId): number {
  return [...document.nodes, ...document.blocks.flatMap(({ nodes }) => nodes)].filter(({ block }) => block === id).length;
}

/** Takes out the blocks that no node of the network needs any more. */
export function removeUnusedBlocks(document: NetworkDocument): NetworkDocument {
  const used = new Set(usedBlocks(document));
  const blocks = document.blocks.filter((block) => used.has(block));
  return blocks.length === document.blocks.length ? document : { ...document, blocks };
}

function middle(values: readonly number[]): number {
  return Math.round((Math.min(...values) + Math.max(...values)) / 2);
}
