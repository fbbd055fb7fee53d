/** The forward pass: a document's layers, in order, from the gathered batch to what arrives at the Output. */
import type { PreparedData, PreparedRole } from '../data/prepared.ts';
import type { Feed } from '../tasks/defineTask.ts';
import type { LayerNode, NodeId } from '../graph/document.ts';
import type { AnyContext } from '../graph/inferShapes.ts';
import type { LayerDefinition, WeightSpec } from '../layers/defineLayer.ts';
import { onlyValue } from '../layers/helpers.ts';
import type { Builder, Value } from './builder.ts';
import type { TensorType } from './program.ts';

export type PreparedRoleType = Omit<PreparedRole, 'values'>;

/** What lowering needs to know of the data: everything but the values. A `PreparedData` fits as it is. */
export interface PreparedDataTypes extends Pick<PreparedData, 'task' | 'rowCount' | 'otherTargets' | 'tables'> {
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

/** The part of a document that leads to its Outputs. */
export interface LoweredNetwork {
  /** In order of computation. */
  readonly nodes: readonly LoweredNode[];
  /** The Output bound to the target. */
  readonly outputId: NodeId;
  /** All of them, by the target they are bound to. */
  readonly outputs: ReadonlyMap<string, NodeId>;
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

export interface ForwardOptions {
  readonly mode: Mode;
  readonly feed: Pick<Feed, 'input'>;
  /** Stands in for the slots of parameters, by slot. */
  readonly weights?: ReadonlyMap<string, Value>;
  /** Only these nodes, with all that leads to them; default all. */
  readonly only?: ReadonlySet<NodeId>;
  /** False where these layers' statistics are kept by another pass of the same program. */
  readonly keepsStatistics?: boolean;
  /** Evaluates by the batch's own statistics instead of those that training kept, and keeps none. */
  readonly batchStatistics?: boolean;
  /** Values that are known already, by node. */
  readonly known?: ReadonlyMap<NodeId, Value>;
}

export interface Forward {
  /** What each node gives; of an Output what arrives there: logits where a softmax is fused, else the values. */
  valueOf(id: NodeId): Value;
  /** (B), what layers add to the loss of each sample. */
  readonly addedLosses: readonly Value[];
}

/** Appends the forward pass. */
export function lowerForward(
  b: Builder,
  network: LoweredNetwork,
  { mode, feed, weights, only, known, batchStatistics = false, keepsStatistics = !batchStatistics }: ForwardOptions,
): Forward {
  const addedLosses: Value[] = [];
  const values = new Map<NodeId, Value>(known);
  const valueOf = (id: NodeId): Value => {
    const value = values.get(id);
    if (value === undefined) throw new Error(`Node ${id} was used before it was lowered.`);
    return value;
  };
  for (const lowered of network.nodes) {
    const { node, inputs, data } = lowered;
    if (values.has(node.id) || only?.has(node.id) === false) continue;
    const value = b.within(node.id, () => {
      const arriving = data === undefined ? inputs.map(valueOf) : [feed.input(data)];
      const averaged = network.averaged === true && mode === 'evaluate';
      const addLoss = (loss: Value): void => void addedLosses.push(loss);
      const own = batchStatistics && lowered.statistics.length > 0 ? 'train' : mode;
      return lowerNode({ b, lowered, values: arriving, mode: own, averaged, addLoss, weights, keepsStatistics });
    });
    values.set(node.id, value);
  }
  return { valueOf, addedLosses };
}

interface NodeLowering {
  readonly b: Builder;
  readonly lowered: LoweredNode;
  readonly values: readonly Value[];
  readonly mode: Mode;
  readonly averaged: boolean;
  readonly addLoss: (perSample: Value) => void;
  readonly weights: ForwardOptions['weights'];
  readonly keepsStatistics: boolean;
}

function lowerNode({ b, lowered, values, mode, averaged, addLoss, weights, keepsStatistics }: NodeLowering): Value {
  const { node, definition, context, parameters, statistics, fused } = lowered;
  const valuesOf = (slots: readonly ParameterSlot[]) =>
    Object.fromEntries(slots.map(({ slot, spec }) => [spec.name, weights?.get(slot) ?? b.slot(slot, { shape: spec.shape, dtype: 'f32' })]));
  const state = {
    values: valuesOf(statistics),
    assign: (name: string, value: Value) =>
      keepsStatistics && b.assign(statistics.find(({ spec }) => spec.name === name)?.slot ?? name, value),
  };
  const read = averaged ? parameters.map((own) => (own.frozen ? own : { ...own, slot: averageSlot(own.slot) })) : parameters;
  const parts = { b, mode, weights: valuesOf(read), values, addLoss, ...(statistics.length === 0 ? {} : { statistics: state }) };
  if (!fused) return definition.lower({ ...context, ...parts });
  // The loss applies the softmax, and only the Output follows: it gets the logits.
  if (node.type !== 'dense') return onlyValue(values);
  return definition.lower({ ...context, ...parts, params: { ...context.params, activation: 'linear' } });
}

/** This step's batch of a role, (B, ...) f32, scaled as its preparation says; class codes and tokens stay i32. */
export function readRole(b: Builder, role: PreparedRoleType, rowCount: number): Value {
  const table = b.slot(dataSlot(role), dataType(role, rowCount));
  const { reading = { kind: 'rows' } } = role;
  if (reading.kind === 'computed') throw new Error(`The role ${role.role.name} is computed by its task, not read.`);
  const stored = reading.kind === 'whole' ? table : b.gather(table, reading.kind === 'rows' ? b.rows() : windowRows(b, reading));
  if (role.dtype === 'i32') return stored;
  const values = b.cast(stored, 'f32');
  return role.affine === undefined ? values : b.add(b.multiply(values, role.affine.multiply), role.affine.add);
}

/** (B, length) */
function windowRows(b: Builder, { offset, length }: { readonly offset: number; readonly length: number }): Value {
  const starts = b.rows();
  const size = starts.shape[0] ?? 1;
  const rows = b.add(b.reshape(starts, [size, 1]), b.iota([size, length], 1));
  return b.add(rows, offset);
}

export function dataSlot({ role, sharesWith }: PreparedRoleType): string {
  return sharesWith === undefined ? `data/${role.kind}/${role.name}` : `data/input/${sharesWith}`;
}

/** Of the role's data slot. */
export function dataType({ reading, rowShape, dtype }: PreparedRoleType, rowCount: number): TensorType {
  return { shape: [reading?.kind === 'whole' ? 1 : rowCount, ...rowShape], dtype };
}
