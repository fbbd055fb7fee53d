/** The forward pass: a document's layers, in order, from the gathered batch to what arrives at the Output. */
import type { PreparedData, PreparedRole } from '../data/prepared.ts';
import type { LayerNode, NetworkDocument, NodeId } from '../graph/document.ts';
import { boundRole, type AnyContext, type NetworkShapes } from '../graph/inferShapes.ts';
import { ancestors, readGraph } from '../graph/walk.ts';
import type { LayerDefinition, WeightSpec } from '../layers/defineLayer.ts';
import { onlyValue } from '../layers/helpers.ts';
import { findLayer, resolveParams } from '../layers/index.ts';
import type { Builder, Value } from './builder.ts';

export type PreparedRoleType = Omit<PreparedRole, 'values'>;

/** What lowering needs to know of the data: everything but the values. A `PreparedData` fits as it is. */
export interface PreparedDataTypes extends Pick<PreparedData, 'task' | 'rowCount'> {
  readonly inputs: readonly PreparedRoleType[];
  readonly target: PreparedRoleType;
  readonly parts: { readonly [K in keyof PreparedData['parts']]: { readonly length: number } };
}

export interface ParameterSlot {
  readonly slot: string;
  readonly spec: WeightSpec;
  readonly nodeId: NodeId;
}

/** One layer with everything that lowering asks its definition with. */
export interface LoweredNode {
  readonly node: LayerNode;
  readonly definition: LayerDefinition;
  readonly context: AnyContext;
  readonly parameters: readonly ParameterSlot[];
  /** State that no gradient changes. */
  readonly statistics: readonly ParameterSlot[];
  /** Nodes it takes its inputs from, in port order. */
  readonly inputs: readonly NodeId[];
  /** The bound data of an Input. */
  readonly data?: PreparedRoleType;
  /** Its softmax is left to the loss. */
  readonly fused: boolean;
}

/** The part of a document that leads to the Output. */
export interface LoweredNetwork {
  /** In order of computation, the Output last. */
  readonly nodes: readonly LoweredNode[];
  readonly outputId: NodeId;
  readonly parameters: readonly ParameterSlot[];
  readonly statistics: readonly ParameterSlot[];
  /** Roles the network reads, the target last. */
  readonly usedRoles: readonly PreparedRoleType[];
  readonly data: PreparedDataTypes;
}

export type Mode = 'train' | 'evaluate';

/** `shapes` of a document that passed `checkTrainable`. */
export function readNetwork(document: NetworkDocument, shapes: NetworkShapes, data: PreparedDataTypes): LoweredNetwork {
  const graph = readGraph(document);
  const output = document.nodes.find((node) => node.type === 'output');
  if (output === undefined) throw new Error('A document without Output passed the check.');
  const used = ancestors(graph, output.id);
  const roles = [...data.inputs, data.target].map(({ role }) => role);

  const nodes = shapes.order
    .filter((id) => used.has(id))
    .map((id): LoweredNode => {
      const node = graph.nodes.get(id);
      const definition = node === undefined ? undefined : findLayer(node.type);
      if (node === undefined || definition === undefined) throw new Error(`Unknown layer ${id} passed the check.`);
      const params = resolveParams(definition, node.params);
      const role = boundRole(definition, params, roles);
      const incoming = graph.incoming.get(id) ?? [];
      const context: AnyContext = {
        params,
        name: node.name,
        inputs: (shapes.nodes.get(id)?.inputs ?? []).filter((shape) => shape !== undefined),
        inputNames: incoming.map((edge) => graph.nodes.get(edge.from)?.name ?? '?'),
        ...(role === undefined ? {} : { role }),
      };
      const slotsOf = (specs: readonly WeightSpec[]) => specs.map((spec) => ({ slot: `${id}/${spec.name}`, spec, nodeId: id }));
      const bound = role?.kind === 'input' ? data.inputs.find((input) => input.role.name === role.name) : undefined;
      return {
        node,
        definition,
        context,
        parameters: slotsOf(definition.weights(context)),
        statistics: slotsOf(definition.statistics?.(context) ?? []),
        inputs: incoming.map((edge) => edge.from),
        fused: shapes.softmaxFused.has(id),
        ...(bound === undefined ? {} : { data: bound }),
      };
    });
  const read = new Set(nodes.map((node) => node.data));
  return {
    nodes,
    outputId: output.id,
    parameters: nodes.flatMap((node) => node.parameters),
    statistics: nodes.flatMap((node) => node.statistics),
    usedRoles: [...data.inputs.filter((role) => read.has(role)), data.target],
    data,
  };
}

/** Appends the forward pass. Returns what arrives at the Output: logits where a softmax is fused, else the values. */
export function lowerForward(b: Builder, network: LoweredNetwork, mode: Mode): Value {
  const values = new Map<NodeId, Value>();
  const valueOf = (id: NodeId): Value => {
    const value = values.get(id);
    if (value === undefined) throw new Error(`Node ${id} was used before it was lowered.`);
    return value;
  };
  for (const lowered of network.nodes) {
    const { node, inputs, data } = lowered;
    const value = b.within(node.id, () => {
      const arriving = data === undefined ? inputs.map(valueOf) : [gatherRows(b, data, network.data.rowCount)];
      return lowerNode(b, lowered, arriving, mode);
    });
    values.set(node.id, value);
  }
  return valueOf(network.outputId);
}

function lowerNode(b: Builder, lowered: LoweredNode, values: readonly Value[], mode: Mode): Value {
  const { node, definition, context, parameters, statistics, fused } = lowered;
  const valuesOf = (slots: readonly ParameterSlot[]) =>
    Object.fromEntries(slots.map(({ slot, spec }) => [spec.name, b.slot(slot, { shape: spec.shape, dtype: 'f32' })]));
  const state = {
    values: valuesOf(statistics),
    assign: (name: string, value: Value) => b.assign(statistics.find(({ spec }) => spec.name === name)?.slot ?? name, value),
  };
  const parts = { b, mode, weights: valuesOf(parameters), values, ...(statistics.length === 0 ? {} : { statistics: state }) };
  if (!fused) return definition.lower({ ...context, ...parts });
  // The loss applies the softmax, and only the Output follows: it gets the logits.
  if (node.type !== 'dense') return onlyValue(values);
  return definition.lower({ ...context, ...parts, params: { ...context.params, activation: 'linear' } });
}

/** This step's rows of a role, (B, ...row) f32, scaled as its preparation says; class codes stay i32. */
export function gatherRows(b: Builder, role: PreparedRoleType, rowCount: number): Value {
  const table = b.slot(dataSlot(role), { shape: [rowCount, ...role.rowShape], dtype: role.dtype });
  const rows = b.gather(table, b.rows());
  if (role.dtype === 'i32') return rows;
  const values = b.cast(rows, 'f32');
  return role.affine === undefined ? values : b.add(b.multiply(values, role.affine.multiply), role.affine.add);
}

export function dataSlot({ role }: PreparedRoleType): string {
  return `data/${role.kind}/${role.name}`;
}
