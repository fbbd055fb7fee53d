/**
 * A workload as files, for peers in other languages: a JSON description beside one binary file with the data and the
 * start weights (little-endian, each array at a multiple of 8 bytes).
 */
import fs from 'node:fs';
import path from 'node:path';
import type { PreparedRole } from '../../core/data/prepared.ts';
import { initialiseParameters, lowerSession } from '../../core/program/lowerSession.ts';
import type { OptimizerConfig } from '../../core/train/runConfig.ts';
import { buildDocument } from './networks.ts';
import type { NetworkDescription } from './networks.ts';
import type { Workload } from './workloads.ts';

/** Where an array stands in the binary file. */
export interface ArrayPlace {
  readonly dtype: 'f32' | 'i32';
  readonly shape: readonly number[];
  readonly offset: number;
}

export interface TrainingTask {
  readonly kind: 'train';
  readonly workload: string;
  readonly network: NetworkDescription;
  readonly loss: 'crossEntropy' | 'mse';
  /** Width of the network's output. */
  readonly classes: number;
  readonly optimizer: OptimizerConfig;
  readonly batchSize: number;
  /** Batch i is rows i × batchSize ... of inputs and targets; after the last comes the first. */
  readonly batchCount: number;
  readonly binary: string;
  /** (rows, ...) as the network sees them: images already scaled to 0–1. */
  readonly inputs: ArrayPlace;
  /** Of networks with several Inputs: those after the first. */
  readonly furtherInputs: readonly ArrayPlace[];
  readonly targets: ArrayPlace;
  /** In the order of the layers, each layer's weight (units, inputs) before its bias. */
  readonly weights: readonly ArrayPlace[];
}

/** C (n, n) = A (n, n) · B (n, n). */
export interface MatmulTask {
  readonly kind: 'matmul';
  readonly workload: string;
  readonly size: number;
}

export type Task = TrainingTask | MatmulTask;

/** @returns the task's file */
export function writeTrainingTask(folder: string, workload: Workload): string {
  const data = workload.data();
  const lowered = lowerSession({ document: buildDocument(workload.network), config: workload.config, data });
  const start = initialiseParameters(lowered, workload.config.seed);
  const [input, ...furtherInputs] = data.inputs;
  if (input === undefined) throw new Error(`${workload.id} has no input.`);

  const chunks: Uint8Array[] = [];
  let offset = 0;
  const append = (values: Float32Array | Int32Array, shape: readonly number[]): ArrayPlace => {
    const place: ArrayPlace = { dtype: values instanceof Int32Array ? 'i32' : 'f32', shape, offset };
    const padded = new Uint8Array(Math.ceil(values.byteLength / 8) * 8);
    padded.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    chunks.push(padded);
    offset += padded.byteLength;
    return place;
  };
  const binary = path.join(folder, `${workload.id}.bin`);
  const task: TrainingTask = {
    kind: 'train',
    workload: workload.id,
    network: workload.network,
    loss: workload.config.loss.type === 'mse' ? 'mse' : 'crossEntropy',
    classes: data.target.role.shape.at(-1)?.size ?? 1,
    optimizer: workload.config.optimizer,
    batchSize: workload.config.batchSize,
    batchCount: data.rowCount / workload.config.batchSize,
    binary,
    inputs: append(plainValues(input), storedShape(input, data.rowCount)),
    furtherInputs: furtherInputs.map((further) => append(plainValues(further), storedShape(further, data.rowCount))),
    targets: append(plainValues(data.target), [data.rowCount, ...data.target.rowShape]),
    weights: lowered.parameters.map(({ slot, spec }) => append(start.get(slot)!, spec.shape)),
  };
  fs.writeFileSync(binary, Buffer.concat(chunks));
  return writeJsonTask(folder, task);
}

export function writeMatmulTask(folder: string, size: number): string {
  return writeJsonTask(folder, { kind: 'matmul', workload: `matmul-${size}`, size });
}

function writeJsonTask(folder: string, task: Task): string {
  const file = path.join(folder, `${task.workload}.json`);
  fs.writeFileSync(file, JSON.stringify(task));
  return file;
}

/** Scaled bytes become the floats that the network computes with. */
/** A graph stands there once, whatever the batch. */
function storedShape({ reading, rowShape }: PreparedRole, rowCount: number): readonly number[] {
  return reading?.kind === 'whole' ? rowShape : [rowCount, ...rowShape];
}

function plainValues({ dtype, values, affine }: PreparedRole): Float32Array | Int32Array {
  if (dtype === 'i32') return Int32Array.from(values);
  const { multiply, add } = affine ?? { multiply: 1, add: 0 };
  return Float32Array.from(values, (value) => Math.fround(value * Math.fround(multiply)) + add);
}
