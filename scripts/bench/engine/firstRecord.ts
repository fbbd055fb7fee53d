/**
 * From pressing Train to the first record, as the app does it: a data set in its cache, the waiting trainer thread, data read and
 * prepared, programs lowered, compiled and loaded, one step. The network is that of mlp-b128, the data Fashion-MNIST.
 * Arguments: engine kind, threads, times.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { rolesOf } from '../../../core/tasks/roles.ts';
import type { EngineKind } from '../../../core/engines/engine.ts';
import { starterNetwork } from '../../../core/graph/starterNetwork.ts';
import { defaultRunConfig } from '../../../core/train/defaults.ts';
import { writeDataSet } from '../../../electron/files/dataCache.ts';
import { loadSample } from '../../../electron/files/samples.ts';
import { keepSpareThread } from '../../../electron/trainer/spareThread.ts';
import { startTrainer } from '../../../electron/trainer/trainerThread.ts';
import type { TrainerJob } from '../../../electron/trainer/trainerThread.ts';

/** Longer than a thread takes to load. */
const spareThreadMs = 1_500;

const [kind, threads, times] = process.argv.slice(2);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'layerbench-first-record-'));
try {
  const dataSet = await loadSample(path.resolve(import.meta.dirname, '../../../resources'), 'fashion-mnist');
  await writeDataSet(folder, dataSet);
  const defaults = defaultRunConfig(dataSet.info, { network: 'mlp-b128' });
  const job: TrainerJob = {
    document: starterNetwork(rolesOf(dataSet.info, defaults), 'mlp-b128'),
    config: { ...defaults, batchSize: 128, engine: { kind: kind as EngineKind, threads: Number(threads) } },
    data: { folder, hash: dataSet.info.hash },
    checkpointFolder: path.join(folder, 'checkpoints'),
  };
  const milliseconds: number[] = [];
  keepSpareThread();
  for (let i = 0; i < Number(times); i++) {
    // As in the app, where the thread was made long before anybody presses Train.
    await new Promise((resolve) => setTimeout(resolve, spareThreadMs));
    milliseconds.push(await firstRecord(job));
  }
  process.stdout.write(`${JSON.stringify({ ready: 'first record', milliseconds })}\n`);
} catch (error) {
  process.stdout.write(`${JSON.stringify({ refused: (error as Error).message })}\n`);
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
process.exit();

async function firstRecord(job: TrainerJob): Promise<number> {
  const startMs = performance.now();
  const trainer = startTrainer(job);
  try {
    return await new Promise<number>((resolve, reject) => {
      trainer.onEvents((events) => {
        for (const event of events) {
          if (event.type === 'record') resolve(performance.now() - startMs);
          else if (event.type === 'failed') reject(new Error(event.problem.message));
        }
      });
    });
  } finally {
    await trainer.terminate();
  }
}
