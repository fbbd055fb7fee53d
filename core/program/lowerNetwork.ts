/** The forward pass: a document's layers, in order, from the gathered batch to what arrives at the Output. */
import type { PreparedData, PreparedRole } from '../data/prepared.ts';
import type { LayerNode, NodeId } from '../graph/document.ts';
import type { AnyContext } from '../graph/inferShapes.ts';
import type { LayerDefinition, WeightSpec } from '../layers/defineLayer.ts';
import { onlyValue } from '../layers/helpers.ts';
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
  /** The lowered layer it belongs to. */
  readonly nodeId: NodeId;
  /** Stays as it starts. */
  readonly frozen?: true;
}

/** One layer with everything that lowering asks its definition with. */
export interface LoweredNode {
  /** Its id is its path through the blocks: `n3`, `n5/0/n2`. */
  readonly node: LayerNode;
  readonly definition: LayerDefinition;
  readonly context: AnyContext;
  /** Its own and those it shares with another layer. */
  readonly parameters: readonly ParameterSlot[];
  /** State that no gradient changes. */
  readonly statistics: readonly ParameterSlot[];
  /** Lowered nodes it takes its inputs from, in port order. */
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
  /** Each once, however many layers share it. */
  readonly parameters: readonly ParameterSlot[];
  readonly statistics: readonly ParameterSlot[];
  /** Roles the network reads, the target last. */
  readonly usedRoles: readonly PreparedRoleType[];
  readonly data: PreparedDataTypes;
  /** Evaluation reads the moving averages of the weights. */
  readonly averaged?: true;
}

/** Where the moving average of a parameter stands. */
export function averageSlot(slot: string): string {
  return `${slot}/average`;
}

export type Mode = 'train' | 'evaluate';

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
      return lowerNode(b, lowered, arriving, mode, network.averaged === true && mode === 'evaluate');
    });
    values.set(node.id, value);
  }
  return valueOf(network.outputId);
}

function lowerNode(b: Builder, lowered: LoweredNode, values: readonly Value[], mode: Mode, averaged: boolean): Value {
  const { node, definition, context, parameters, statistics, fused } = lowered;
  const valuesOf = (slots: readonly ParameterSlot[]) =>
    Object.fromEntries(slots.map(({ slot, spec }) => [spec.name, b.slot(slot, { shape: spec.shape, dtype: 'f32' })]));
  const state = {
    values: valuesOf(statistics),
    assign: (name: string, value: Value) => b.assign(statistics.find(({ spec }) => spec.name === name)?.slot ?? name, value),
  };
  const read = averaged ? parameters.map((own) => (own.frozen ? own : { ...own, slot: averageSlot(own.slot) })) : parameters;
  const parts = { b, mode, weights: valuesOf(read), values, ...(statistics.length === 0 ? {} : { statistics: state }) };
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
