/**
 * A checked document as the flat list of layers that lead to its Output: blocks are replaced by their layers, once for
 * each repetition. A layer within has its path as id, `<block node>/<repetition>/<node>`, and slots named after it.
 */
import { preparedRoles } from '../data/prepared.ts';
import { blockInputs, findBlock, viewBlock } from '../graph/blocks.ts';
import type { LayerNode, NetworkDocument, NodeId } from '../graph/document.ts';
import { boundRole, type AnyContext, type NetworkShapes } from '../graph/inferShapes.ts';
import { sharedNames, weightsOwner } from '../graph/sharedWeights.ts';
import { ancestors, readGraph, type Graph } from '../graph/walk.ts';
import { block as blockLayer } from '../layers/block.ts';
import type { LayerDefinition, WeightSpec } from '../layers/defineLayer.ts';
import { findLayer, resolveParams } from '../layers/index.ts';
import { dataSlot } from './lowerNetwork.ts';
import type { LoweredNetwork, LoweredNode, ParameterSlot, PreparedDataTypes, PreparedRoleType } from './lowerNetwork.ts';

interface Expansion {
  readonly document: NetworkDocument;
  readonly data: PreparedDataTypes;
  readonly nodes: LoweredNode[];
  /** By slot; a layer that only shares a parameter gives way to the one it belongs to. */
  readonly parameters: Map<string, ParameterSlot>;
}

/** One graph in its place: the network itself, or one repetition of a block. */
interface Place {
  readonly view: NetworkDocument;
  readonly shapes: NetworkShapes;
  /** Before the ids of nodes: empty, or `n5/0/`. */
  readonly prefix: string;
  /** Before the names of parameters: another prefix where the block shares those of another node. */
  readonly slotPrefix: string;
  readonly frozen: boolean;
  /** Lowered nodes that enter the block, by port. */
  readonly entering: readonly NodeId[];
}

/** `shapes` of a document that passed `checkTrainable`. */
export function readNetwork(document: NetworkDocument, shapes: NetworkShapes, data: PreparedDataTypes): LoweredNetwork {
  const expansion: Expansion = { document, data, nodes: [], parameters: new Map() };
  const ends = expand(expansion, { view: document, shapes, prefix: '', slotPrefix: '', frozen: false, entering: [] }, 'output');
  const { nodes } = expansion;
  const outputs = new Map(
    nodes.filter(({ node }) => ends.includes(node.id)).map(({ node, context }) => [context.role?.name ?? '', node.id] as const),
  );
  const read = new Set(nodes.map((node) => node.data));
  return {
    nodes,
    outputId: outputs.get(data.target.role.name) ?? ends[0] ?? fail('A network without an Output passed the check.'),
    outputs,
    parameters: [...expansion.parameters.values()],
    statistics: nodes.flatMap((node) => node.statistics),
    usedRoles: usedRoles(data, read),
    data,
  };
}

/** What must stand in memory: each data slot once. */
function usedRoles(data: PreparedDataTypes, read: ReadonlySet<PreparedRoleType | undefined>): PreparedRoleType[] {
  const used = [...data.inputs.filter((role) => read.has(role)), data.target].filter(({ reading }) => reading?.kind !== 'computed');
  return used.filter((role, i) => used.findIndex((other) => dataSlot(other) === dataSlot(role)) === i);
}

/** Appends the layers that lead to the graph's ends. Returns the lowered ends; of a block what arrives at its one end. */
function expand(expansion: Expansion, place: Place, endType: 'output' | 'blockOutput'): NodeId[] {
  const { view, shapes, prefix, entering } = place;
  const graph = readGraph(view);
  const ends = view.nodes.filter(({ type }) => type === endType);
  if (ends.length === 0) throw new Error(`A graph without ${endType} passed the check.`);
  const used = new Set(ends.flatMap(({ id }) => [...ancestors(graph, id)]));
  const ports = view.nodes.filter(({ type }) => type === 'blockInput').map(({ id }) => id);
  /** The lowered node that computes what a node of this graph gives. */
  const lowered = new Map<NodeId, NodeId>();
  const loweredOf = (id: NodeId): NodeId => lowered.get(id) ?? fail(`Node ${prefix}${id} was used before it was lowered.`);

  for (const id of shapes.order) {
    const node = graph.nodes.get(id);
    if (node === undefined || !used.has(id)) continue;
    const inputs = (): NodeId[] => (graph.incoming.get(id) ?? []).map((edge) => loweredOf(edge.from));
    if (node.type === 'blockInput') lowered.set(id, entering[ports.indexOf(id)] ?? fail(`Nothing enters at ${prefix}${id}.`));
    else if (node.type === 'blockOutput') return [inputs()[0] ?? fail(`Nothing leaves at ${prefix}${id}.`)];
    else if (node.type === 'block') lowered.set(id, expandBlock(expansion, place, node, inputs()));
    else {
      const next = lowerLayer(expansion, place, graph, node, inputs());
      expansion.nodes.push(next);
      lowered.set(id, next.node.id);
    }
  }
  return ends.map(({ id }) => loweredOf(id));
}

/** The repetitions one after the other; further inputs go to each of them. */
function expandBlock(expansion: Expansion, place: Place, node: LayerNode, inputs: readonly NodeId[]): NodeId {
  const definition = findBlock(expansion.document, node.block);
  const shapes = place.shapes.nodes.get(node.id)?.inside;
  const owner = weightsOwner(place.view, node);
  if (definition === undefined || shapes === undefined || owner === null || blockInputs(definition).length === 0)
    throw new Error(`Block ${node.id} passed the check.`);
  const { repeat } = resolveParams(blockLayer, node.params);
  const view = viewBlock(expansion.document, definition.id);
  const frozen = place.frozen || node.frozen === true;
  let entering = inputs;
  for (let i = 0; i < repeat; i++) {
    const prefix = `${place.prefix}${node.id}/${i}/`;
    const slotPrefix = `${place.slotPrefix}${owner.id}/${i}/`;
    const [left = ''] = expand(expansion, { view, shapes, prefix, slotPrefix, frozen, entering }, 'blockOutput');
    entering = [left, ...inputs.slice(1)];
  }
  return entering[0] ?? fail(`Block ${node.id} was expanded without an input.`);
}

function lowerLayer(expansion: Expansion, place: Place, graph: Graph, node: LayerNode, inputs: readonly NodeId[]): LoweredNode {
  const { view, shapes, prefix, slotPrefix } = place;
  const { data } = expansion;
  const { definition, context } = contextOf(expansion, place, graph, node);
  const owner = weightsOwner(view, node) ?? node;
  const id = `${prefix}${node.id}`;
  const specs = definition.weights(context);
  const shared = owner === node ? new Set<string>() : sharedNames(specs, ownWeights(expansion, place, graph, owner));
  const parameters = specs.map((spec): ParameterSlot => {
    const isShared = shared.has(spec.name);
    const slot = `${slotPrefix}${isShared ? owner.id : node.id}/${spec.name}`;
    const frozen = place.frozen || (isShared ? owner : node).frozen === true;
    return { slot, spec, nodeId: id, ...(frozen ? { frozen } : {}) };
  });
  for (const parameter of parameters) {
    const isOwn = parameter.slot === `${id}/${parameter.spec.name}`;
    if (isOwn || !expansion.parameters.has(parameter.slot)) expansion.parameters.set(parameter.slot, parameter);
  }
  const { role } = context;
  const bound = role?.kind === 'input' ? data.inputs.find((input) => input.role.name === role.name) : undefined;
  return {
    node: { ...node, id },
    definition,
    context,
    parameters,
    statistics: (definition.statistics?.(context) ?? []).map((spec) => ({ slot: `${id}/${spec.name}`, spec, nodeId: id })),
    inputs,
    fused: prefix === '' && shapes.softmaxFused.has(node.id),
    ...(bound === undefined ? {} : { data: bound }),
  };
}

function contextOf(
  { data }: Expansion,
  { shapes }: Place,
  graph: Graph,
  node: LayerNode,
): { definition: LayerDefinition; context: AnyContext } {
  const definition = findLayer(node.type);
  if (definition === undefined) throw new Error(`Unknown layer ${node.id} passed the check.`);
  const params = resolveParams(definition, node.params);
  const role = boundRole(definition, params, preparedRoles(data));
  const context: AnyContext = {
    params,
    name: node.name,
    inputs: (shapes.nodes.get(node.id)?.inputs ?? []).filter((shape) => shape !== undefined),
    inputNames: (graph.incoming.get(node.id) ?? []).map((edge) => graph.nodes.get(edge.from)?.name ?? '?'),
    ...(role === undefined ? {} : { role }),
  };
  return { definition, context };
}

function ownWeights(expansion: Expansion, place: Place, graph: Graph, node: LayerNode): readonly WeightSpec[] {
  const { definition, context } = contextOf(expansion, place, graph, node);
  return definition.weights(context);
}

function fail(message: string): never {
  throw new Error(message);
}
