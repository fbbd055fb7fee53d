/**
 * Pure edits: each returns a new document and leaves the old one as it was, so that undo is keeping the old one.
 * An edit that names something absent changes nothing. Within a block the same edits work on its view (blocks.ts).
 */
import type { DataRole } from '../data/dataSet.ts';
import { findLayer } from '../layers/index.ts';
import type { Problem, ProblemFix } from '../problem.ts';
import { containsBlock, inputCountOf, putBlock, usedBlocks, viewBlock } from './blocks.ts';
import { adoptBlocks } from './copiedBlocks.ts';
import type { BlockDefinition, BlockId, Edge, EdgeId, LayerNode, NetworkDocument, NodeId, ParamValue, ParamValues } from './document.ts';
import { nextEdgeId, nextNodeId, uniqueName } from './names.ts';
import { pathBetween, readGraph } from './walk.ts';

export interface NewNode {
  readonly type: string;
  readonly position: { readonly x: number; readonly y: number };
  readonly params?: ParamValues;
  readonly name?: string;
  readonly block?: BlockId;
  readonly weightsOf?: NodeId;
  readonly frozen?: true;
}

/** Canvas distance between rows of nodes, in canvas pixels. */
export const rowHeight = 100;

export function addNode(
  document: NetworkDocument,
  { type, position, params = {}, name, block, weightsOf, frozen }: NewNode,
): { document: NetworkDocument; node: LayerNode } {
  const taken = new Set(document.nodes.map((node) => node.name));
  const node: LayerNode = {
    id: nextNodeId(document),
    type,
    typeVersion: findLayer(type)?.version ?? 1,
    name: name !== undefined && name !== '' && !taken.has(name) ? name : uniqueName(type, taken),
    ...(block === undefined ? {} : { block }),
    params: withoutDefaults(type, params),
    ...(weightsOf === undefined ? {} : { weightsOf }),
    ...(frozen === undefined ? {} : { frozen }),
    position,
  };
  return { document: { ...document, nodes: [...document.nodes, node] }, node };
}

/** Parameters a new node should start with where the data set leaves no choice worth asking for: its first role. */
export function newNodeParams(type: string, roles: readonly DataRole[] | null): ParamValues {
  const params: Record<string, ParamValue> = {};
  for (const [name, spec] of Object.entries(findLayer(type)?.params ?? {})) {
    const role = spec.kind === 'role' ? roles?.find((offered) => offered.kind === spec.roleKind) : undefined;
    if (role !== undefined) params[name] = role.name;
  }
  return params;
}

export function removeNodes(document: NetworkDocument, ids: Iterable<NodeId>): NetworkDocument {
  const gone = new Set(ids);
  return {
    ...document,
    nodes: document.nodes.filter((node) => !gone.has(node.id)),
    edges: document.edges.filter((edge) => !gone.has(edge.from) && !gone.has(edge.to)),
  };
}

/** Connects to the given port, else to the first free one. An edge that already ends at that port is replaced. */
export function connect(document: NetworkDocument, from: NodeId, to: NodeId, toPort?: number): NetworkDocument {
  const port = toPort ?? freePort(document, to);
  const kept = document.edges.filter((edge) => edge.to !== to || edge.toPort !== port);
  return { ...document, edges: [...kept, { id: nextEdgeId(document), from, to, toPort: port }] };
}

export function disconnect(document: NetworkDocument, edgeIds: Iterable<EdgeId>): NetworkDocument {
  const gone = new Set(edgeIds);
  return { ...document, edges: document.edges.filter((edge) => !gone.has(edge.id)) };
}

/** Sets one parameter; the default, null or undefined removes it from the node. */
export function setParam(document: NetworkDocument, node: NodeId, param: string, value: ParamValue | undefined): NetworkDocument {
  return changeNode(document, node, (old) => {
    const params: Record<string, ParamValue> = { ...old.params };
    if (value === undefined) delete params[param];
    else params[param] = value;
    return { ...old, params: withoutDefaults(old.type, params) };
  });
}

/** Whose weights a layer uses: another node's of the same graph, or null for its own. */
export function setWeightsOf(document: NetworkDocument, node: NodeId, source: NodeId | null): NetworkDocument {
  return changeNode(document, node, ({ weightsOf: _, ...old }) => (source === null ? old : { ...old, weightsOf: source }));
}

/** Frozen weights stay as they start. */
export function setFrozen(document: NetworkDocument, node: NodeId, frozen: boolean): NetworkDocument {
  return changeNode(document, node, ({ frozen: _, ...old }) => (frozen ? { ...old, frozen } : old));
}

/** A name that is empty or taken leaves the old one; callers ask `whyNotRename` first. */
export function renameNode(document: NetworkDocument, node: NodeId, name: string): NetworkDocument {
  return whyNotRename(document, node, name) === null ? changeNode(document, node, (old) => ({ ...old, name: name.trim() })) : document;
}

export function whyNotRename(document: NetworkDocument, node: NodeId, name: string): Problem | null {
  const wanted = name.trim();
  const refusal =
    wanted === ''
      ? 'A layer needs a name.'
      : wanted.length > 60
        ? `A layer's name has at most 60 characters, got ${wanted.length}.`
        : document.nodes.some((other) => other.id !== node && other.name === wanted)
          ? `Another layer is already named ${wanted}.`
          : null;
  return refusal === null ? null : { code: 'node.name', message: refusal, where: { kind: 'node', node } };
}

export function renameDocument(document: NetworkDocument, name: string): NetworkDocument {
  return { ...document, name };
}

export function moveNodes(
  document: NetworkDocument,
  positions: ReadonlyMap<NodeId, { readonly x: number; readonly y: number }>,
): NetworkDocument {
  return {
    ...document,
    nodes: document.nodes.map((node) => {
      const position = positions.get(node.id);
      return position === undefined ? node : { ...node, position: { x: position.x, y: position.y } };
    }),
  };
}

/** Puts a new node in the middle of an edge; what stands below makes room. */
export function insertOnEdge(
  document: NetworkDocument,
  edgeId: EdgeId,
  { type, params = {}, block }: Pick<NewNode, 'type' | 'params' | 'block'>,
): { document: NetworkDocument; node?: LayerNode } {
  const edge = document.edges.find((candidate) => candidate.id === edgeId);
  const from = document.nodes.find((node) => node.id === edge?.from);
  const to = document.nodes.find((node) => node.id === edge?.to);
  if (edge === undefined || from === undefined || to === undefined) return { document };
  const crowded = to.position.y > from.position.y && to.position.y - from.position.y < 2 * rowHeight;
  const room = crowded ? from.position.y + 2 * rowHeight - to.position.y : 0;
  const moved = crowded
    ? moveNodes(
        document,
        new Map(
          document.nodes
            .filter((node) => node.position.y >= to.position.y)
            .map((node) => [node.id, { x: node.position.x, y: node.position.y + room }]),
        ),
      )
    : document;
  const position = { x: (from.position.x + to.position.x) / 2, y: (from.position.y + to.position.y + room) / 2 };
  const added = addNode(moved, { type, params, position, ...(block === undefined ? {} : { block }) });
  const before = connect(added.document, from.id, added.node.id, 0);
  return { document: connect(before, added.node.id, to.id, edge.toPort), node: added.node };
}

/** Applies a Problem's fix as one step, in the block it names; a fix of the run config leaves the document as it is. */
export function applyFix(document: NetworkDocument, fix: ProblemFix): NetworkDocument {
  const { block = null } = fix;
  return putBlock(document, block, applyTo(viewBlock(document, block), fix));
}

function applyTo(document: NetworkDocument, fix: ProblemFix): NetworkDocument {
  switch (fix.kind) {
    case 'setParam':
      return setParam(document, fix.node, fix.param, fix.value as ParamValue | undefined);
    case 'insertAfter':
      return insertOnEdge(document, fix.edge, { type: fix.layer, params: fix.params as ParamValues }).document;
    case 'renameNode':
      return renameNode(document, fix.node, fix.name);
    case 'removeNode':
      return bridgeNode(document, fix.node);
    case 'removeEdge':
      return disconnect(document, [fix.edge]);
    case 'connect':
      return connect(document, fix.from, fix.to);
    case 'setWeightsOf':
      return setWeightsOf(document, fix.node, fix.source);
    case 'setConfig':
      return document;
    default:
      return fix satisfies never;
  }
}

/** Removes a node; where it stood between one layer and its followers, these are connected directly. */
export function bridgeNode(document: NetworkDocument, id: NodeId): NetworkDocument {
  const incoming = document.edges.filter((edge) => edge.to === id);
  const before = incoming.length === 1 ? incoming[0]?.from : undefined;
  const followers = document.edges.filter((edge) => edge.from === id);
  const removed = removeNodes(document, [id]);
  return before === undefined ? removed : followers.reduce((result, edge) => connect(result, before, edge.to, edge.toPort), removed);
}

/** Why an edge can't be drawn, or null. Shapes don't forbid an edge: they are reported, with fixes, once it stands. */
export function whyNotConnect(document: NetworkDocument, from: NodeId, to: NodeId, toPort?: number): Problem | null {
  const source = document.nodes.find((node) => node.id === from);
  const target = document.nodes.find((node) => node.id === to);
  const refuse = (code: string, message: string): Problem => ({ code, message, where: { kind: 'node', node: to } });
  if (source === undefined || target === undefined) return refuse('connect.missing', 'One end of this connection is not in the document.');
  if (from === to) return refuse('connect.itself', `${source.name} can't be connected to itself.`);
  if (findLayer(source.type)?.hasOutput === false)
    return refuse('connect.noOutput', `${source.name} ends the network: nothing can follow it.`);
  const { max } = inputCountOf(document, target);
  if (max === 0) {
    const reason = target.type === 'block' ? 'stands for a block without inputs' : 'is where the data enters';
    return refuse('connect.noInput', `${target.name} ${reason}: nothing can lead into it.`);
  }
  if (toPort !== undefined && toPort >= max)
    return refuse('connect.port', `${target.name} takes ${max === 1 ? 'one input' : `${max} inputs`}, there is no input ${toPort + 1}.`);
  // Adding a layer to itself (x + x) is allowed, a second line to a one-input layer is not.
  if (max === 1 && document.edges.some((edge) => edge.from === from && edge.to === to)) {
    return refuse('connect.duplicate', `${source.name} is already connected to ${target.name}.`);
  }
  const back = pathBetween(readGraph(document), to, from);
  if (back !== null) {
    return refuse(
      'graph.cycle',
      `${source.name} can't lead to ${target.name}: ${target.name} already leads to ${source.name}, and a network may have no cycle.`,
    );
  }
  return null;
}

/** Copied nodes and the edges between them, for this or another document. */
export interface CopiedNodes {
  readonly nodes: readonly LayerNode[];
  /** Edges between copied nodes only. */
  readonly edges: readonly Edge[];
  /** Blocks that copied nodes stand for, those within included. */
  readonly blocks: readonly BlockDefinition[];
}

export function copyNodes(document: NetworkDocument, ids: Iterable<NodeId>): CopiedNodes {
  const chosen = new Set(ids);
  const nodes = document.nodes.filter((node) => chosen.has(node.id));
  return {
    nodes,
    edges: document.edges.filter((edge) => chosen.has(edge.from) && chosen.has(edge.to)),
    blocks: usedBlocks(document, nodes),
  };
}

/**
 * New ids and, where taken, new names; positions shifted by `offset` canvas pixels. Blocks come along unless the
 * document has them already. `within`: the block that is pasted into; what contains it is left out.
 */
export function pasteNodes(
  document: NetworkDocument,
  copied: CopiedNodes,
  {
    offset = { x: 30, y: 30 },
    within = null,
  }: { readonly offset?: { readonly x: number; readonly y: number }; readonly within?: BlockId | null } = {},
): { document: NetworkDocument; ids: NodeId[] } {
  const adopted = adoptBlocks(document, copied.blocks);
  const renumbered = new Map<NodeId, NodeId>();
  let result = adopted.document;
  for (const node of copied.nodes) {
    const block = node.block === undefined ? undefined : (adopted.ids.get(node.block) ?? node.block);
    if (block !== undefined && within !== null && containsBlock(result, block, within)) continue;
    const position = { x: node.position.x + offset.x, y: node.position.y + offset.y };
    const added = addNode(result, { ...node, ...(block === undefined ? {} : { block }), position });
    renumbered.set(node.id, added.node.id);
    result = added.document;
  }
  // Weights shared among the copied stay shared among the copies.
  for (const { id, weightsOf } of copied.nodes) {
    const source = weightsOf === undefined ? undefined : renumbered.get(weightsOf);
    const node = renumbered.get(id);
    if (source !== undefined && node !== undefined) result = setWeightsOf(result, node, source);
  }
  for (const edge of copied.edges) {
    const from = renumbered.get(edge.from);
    const to = renumbered.get(edge.to);
    if (from !== undefined && to !== undefined)
      result = { ...result, edges: [...result.edges, { ...edge, id: nextEdgeId(result), from, to }] };
  }
  return { document: result, ids: [...renumbered.values()] };
}

function freePort(document: NetworkDocument, to: NodeId): number {
  const node = document.nodes.find(({ id }) => id === to);
  const max = node === undefined ? Infinity : inputCountOf(document, node).max;
  const taken = new Set(document.edges.filter((edge) => edge.to === to).map((edge) => edge.toPort));
  let port = 0;
  while (taken.has(port) && port < max - 1) port += 1;
  return port;
}

function changeNode(document: NetworkDocument, id: NodeId, change: (node: LayerNode) => LayerNode): NetworkDocument {
  return { ...document, nodes: document.nodes.map((node) => (node.id === id ? change(node) : node)) };
}

function withoutDefaults(type: string, params: ParamValues): ParamValues {
  const specs = findLayer(type)?.params ?? {};
  return Object.fromEntries(Object.entries(params).filter(([name, value]) => value !== null && value !== specs[name]?.default));
}
