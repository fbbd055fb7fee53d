/** Prepared data and engine sessions for tests that run whole lowered programs. */
import type { DataRole } from '../data/dataSet.ts';
import type { PreparedData, PreparedRole } from '../data/prepared.ts';
import type { Engine } from '../engines/engine.ts';
import type { NetworkDocument } from '../graph/document.ts';
import { defaultOptimizer } from '../optimizers/index.ts';
import { initialiseParameters, lowerSession, type LoweredSession } from '../program/lowerSession.ts';
import { defaultControls, defaultLoss } from '../train/defaults.ts';
import type { RunConfig } from '../train/runConfig.ts';

export const testConfig: RunConfig = {
  version: 3,
  network: { name: 'x' },
  data: { id: 'd' },
  split: { train: 0.8, validation: 0.2, test: 0, seed: 1, stratify: true },
  preparation: { target: 'label', columns: {}, targetScaling: 'none' },
  task: { type: 'classification' },
  loss: defaultLoss('classification'),
  optimizer: defaultOptimizer('adam'),
  ...defaultControls,
  epochs: 1,
  batchSize: 8,
  engine: { kind: 'auto', threads: 1 },
  seed: 1,
};

/** All rows train unless `validation` says how many of the last ones don't. */
export function preparedOf(inputs: readonly PreparedRole[], target: PreparedRole, rowCount: number, validation = 0): PreparedData {
  const rows = Int32Array.from({ length: rowCount }, (_, i) => i);
  return {
    task: target.role.task ?? 'classification',
    rowCount,
    inputs,
    target,
    fitted: [],
    notices: [],
    parts: { train: rows.slice(0, rowCount - validation), validation: rows.slice(rowCount - validation), test: new Int32Array() },
  };
}

export function featureRole(role: DataRole, values: Float32Array): PreparedRole {
  return { role, dtype: 'f32', rowShape: role.shape.slice(1).map((d) => d.size ?? 1), values };
}

export function classRole(role: DataRole, values: Int32Array): PreparedRole {
  return { role, dtype: 'i32', rowShape: [], values };
}

/** Loads, fills the data and the start weights; `weights` replaces drawn ones. */
export async function openTestSession(
  engine: Engine,
  document: NetworkDocument,
  data: PreparedData,
  config: RunConfig = testConfig,
  weights?: ReadonlyMap<string, Float32Array>,
): Promise<LoweredSession> {
  const lowered = lowerSession({ document, config, data });
  await engine.load({ programs: lowered.programs, slots: lowered.slots, seed: config.seed });
  for (const { slot, values } of lowered.dataSlots) await engine.write(slot, values(data));
  for (const [slot, values] of [...initialiseParameters(lowered, config.seed), ...(weights ?? [])]) await engine.write(slot, values);
  return lowered;
}

/** Mean training loss of each step; batch i takes the given rows. */
export async function trainSteps(
  engine: Engine,
  lowered: LoweredSession,
  batches: readonly Int32Array[],
  learningRate: number,
): Promise<number[]> {
  const { train } = lowered.programs;
  const rows = Int32Array.from(batches.flatMap((batch) => [...batch]));
  await engine.run('train', { steps: batches.length, firstStep: 0, rows, scalars: lowered.fillScalars(0, batches.length, learningRate) });
  const { slot, names } = lowered.trainRing;
  const sums = await engine.read(slot, 0, batches.length * names.length);
  return batches.map((_, i) => (sums[i * names.length + names.indexOf('loss')] ?? NaN) / train.batchSize);
}
