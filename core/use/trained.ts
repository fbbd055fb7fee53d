/**
 * A finished run as it is used: its network with the weights of its last checkpoint. Nothing of the data set goes into the
 * engine; what is given to the network is written into `input/<role>` slots, one batch at a time.
 */
import type { DataSet } from '../data/dataSet.ts';
import { preparedRoles, type PreparedData } from '../data/prepared.ts';
import type { NetworkDocument } from '../graph/document.ts';
import { inferShapes } from '../graph/inferShapes.ts';
import { elementCount } from '../ops/shapes.ts';
import { raise } from '../problem.ts';
import type { LoweredNetwork, PreparedRoleType } from '../program/lowerNetwork.ts';
import type { Builder, Value } from '../program/builder.ts';
import type { TensorType } from '../program/program.ts';
import { readNetwork } from '../program/readNetwork.ts';
import { prepareData } from '../tasks/prepareData.ts';
import type { Checkpoint } from '../train/records.ts';
import type { RunConfig } from '../train/runConfig.ts';

export interface TrainedRun {
  readonly document: NetworkDocument;
  readonly config: RunConfig;
  /** What it was trained on: what preparation fitted is fitted again, and rows can be asked for. */
  readonly dataSet: DataSet;
  readonly weights: Checkpoint['slots'];
}

export interface Trained extends TrainedRun {
  readonly data: PreparedData;
  readonly network: LoweredNetwork;
  /** Inputs the network really reads. */
  readonly inputs: readonly PreparedRoleType[];
}

/** @throws ProblemError where the data set no longer fits the run */
export function readTrained(run: TrainedRun): Trained {
  const { document, config, dataSet } = run;
  const data = prepareData(dataSet, config);
  const shapes = inferShapes(document, preparedRoles(data));
  const problem = shapes.problems[0];
  if (problem !== undefined) raise(problem);
  const average = config.controls.averageDecay > 0;
  const network: LoweredNetwork = { ...readNetwork(document, shapes, data), ...(average ? { averaged: true as const } : {}) };
  const inputs = [...new Set(network.nodes.map((node) => node.data).filter((role) => role !== undefined))];
  return { ...run, data, network, inputs };
}

/** Where a role's values are written. */
export function inputSlot({ role }: PreparedRoleType): string {
  return `input/${role.name}`;
}

/** Of a batch as the network reads it: scaled already; tokens and codes stay i32. */
export function inputType({ reading, rowShape, dtype }: PreparedRoleType, batchSize: number): TensorType {
  const rows = reading?.kind === 'whole' ? [1] : reading?.kind === 'window' ? [batchSize, reading.length] : [batchSize];
  return { shape: [...rows, ...rowShape], dtype: dtype === 'i32' ? 'i32' : 'f32' };
}

/** A feed that reads `input/<role>` instead of the data. */
export function givenInput(b: Builder, batchSize: number): (role: PreparedRoleType) => Value {
  return (role) => b.slot(inputSlot(role), inputType(role, batchSize));
}

export type InputValues = Float32Array | Int32Array;

/** What a row of the data set gives for a role, on the network's scale. */
export function storedInput({ data }: Trained, { role }: PreparedRoleType, row: number): InputValues {
  const prepared = data.inputs.find((input) => input.role.name === role.name);
  if (prepared === undefined) throw new Error(`The data has no input "${role.name}".`);
  const { reading = { kind: 'rows' }, rowShape, values, affine, dtype } = prepared;
  const size = elementCount(rowShape);
  const [from, count] =
    reading.kind === 'whole'
      ? [0, values.length]
      : reading.kind === 'window'
        ? [(row + reading.offset) * size, reading.length * size]
        : [row * size, size];
  const stored = values.subarray(from, from + count);
  if (dtype === 'i32') return Int32Array.from(stored);
  const scaled = Float32Array.from(stored);
  if (affine !== undefined) for (let i = 0; i < scaled.length; i++) scaled[i] = Math.fround(scaled[i]! * affine.multiply + affine.add);
  return scaled;
}

/** Bytes from values on a role's scale, rounded and kept within 0–255. */
export function toBytes(values: ArrayLike<number>, affine: { readonly multiply: number; readonly add: number } | undefined): Uint8Array {
  const { multiply, add } = affine ?? { multiply: 1, add: 0 };
  return Uint8Array.from(values, (value) => Math.min(255, Math.max(0, Math.round((value - add) / multiply))));
}
