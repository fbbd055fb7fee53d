/** The trainer's thread: reads data and checkpoint, trains or scores, and posts what happens in groups. */
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import type { Engine } from '../../core/engines/engine.ts';
import { prepareData } from '../../core/tasks/prepareData.ts';
import type { PreparedData } from '../../core/data/prepared.ts';
import { startAssembler } from '../../core/engines/wasm/assemble.ts';
import { ProblemError } from '../../core/problem.ts';
import type { Problem } from '../../core/problem.ts';
import { trainWithFallback, workWithFallback } from '../../core/train/fallback.ts';
import type { Checkpoint } from '../../core/train/records.ts';
import { scorePart } from '../../core/train/score.ts';
import { train } from '../../core/train/trainer.ts';
import { readDataSet } from '../files/dataCache.ts';
import { loadNative } from '../native/loadNative.ts';
import { readCheckpointFile, removeStrayFiles, writeCheckpointFile } from './checkpointFile.ts';
import { createEngine, useEngine } from './createEngine.ts';
import { enginesFor } from './gpuEngine.ts';
import type { ScoreJob, TrainerEvent, TrainerJob, WorkerJob, WorkerMessage } from './protocol.ts';
import { oneLine } from './oneLine.ts';
import { createWorkerPlatform } from './workerPlatform.ts';

/** Records wait at most about this long before they are posted. */
const groupMs = 100;
/** Epochs of a small network take a millisecond, saving takes three: of checkpoints this close, only the last is saved. */
const saveSpacingMs = 250;

const port = parentPort!;

function post(message: WorkerMessage): void {
  port.postMessage(message);
}

async function loadData(job: TrainerJob | ScoreJob): Promise<PreparedData> {
  const dataSet = await readDataSet(job.data.folder, job.data.hash);
  return prepareData(dataSet, job.config);
}

async function runTraining(job: TrainerJob): Promise<void> {
  let group: TrainerEvent[] = [];
  let postedAt = performance.now();
  const flush = () => {
    postedAt = performance.now();
    if (group.length > 0) post({ kind: 'events', events: group });
    group = [];
  };
  const flushIfDue = () => {
    if (performance.now() - postedAt >= groupMs) flush();
  };

  /** The newest checkpoint while it is not on disk. */
  let newest: Checkpoint | undefined;
  let savedAt = -Infinity;
  /** Why it could not be saved the last time. */
  let unsaved: ReturnType<typeof failure> | undefined;
  async function save(): Promise<void> {
    if (newest === undefined) return;
    try {
      group.push(await writeCheckpointFile(job.checkpointFolder, newest));
      newest = undefined;
      unsaved = undefined;
    } catch (error) {
      // Training goes on: the disk may have room again at the next checkpoint.
      if (unsaved === undefined) group.push({ type: 'notice', problem: failure(error).problem });
      unsaved = failure(error);
    }
    savedAt = performance.now();
  }

  const { platform, commands } = createWorkerPlatform(port, flushIfDue);
  let engine: Engine | undefined;
  let begun = false;
  try {
    const { config, document, gpu } = job;
    if (gpu === undefined) engine = createEngine(config.engine);
    const data = await loadData(job);
    const checkpoint = job.resumeFrom === undefined ? undefined : await readCheckpointFile(job.resumeFrom);
    await removeStrayFiles(job.checkpointFolder, job.resumeFrom);
    const training = { config, document, data, platform, commands, ...(checkpoint === undefined ? {} : { checkpoint }) };
    const events = engine === undefined ? trainWithFallback({ ...training, engines: enginesFor(gpu!) }) : train({ ...training, engine });
    for await (const event of events) {
      if (event.type === 'checkpoint') {
        newest = event.checkpoint;
        if (performance.now() - savedAt >= saveSpacingMs) await save();
      } else if (event.type === 'record') {
        group.push(event);
        // The first one at once: a curve that moves says that training has begun.
        if (!begun) flush();
        begun = true;
      } else {
        await save();
        group.push(event.type === 'finished' && unsaved !== undefined ? { type: 'failed', ...unsaved } : event);
        flush();
      }
      flushIfDue();
    }
  } catch (error) {
    await save();
    group.push({ type: 'failed', ...failure(error) });
  } finally {
    flush();
    await engine?.dispose();
  }
}

async function runScoring(job: ScoreJob): Promise<void> {
  const { config, document, part, gpu } = job;
  try {
    const data = await loadData(job);
    const checkpoint = await readCheckpointFile(job.checkpointFile);
    const work = (engine: Engine) => scorePart({ config, document, data, engine, checkpoint, part, now: () => performance.now() });
    const score =
      gpu === undefined
        ? await useEngine(createEngine(config.engine), work)
        : await workWithFallback(enginesFor(gpu), work, (problem) => post({ kind: 'notice', problem }));
    post({ kind: 'score', score });
  } catch (error) {
    post({ kind: 'failed', ...failure(error) });
  }
}

/** A user's mistake as it is; anything else is a defect of ours: one line for the screen, the stack for the log. */
function failure(error: unknown): { problem: Problem; stack?: string } {
  if (error instanceof ProblemError) return { problem: error.problem };
  return {
    problem: { code: 'internal', message: `The training failed: ${oneLine(error)}` },
    ...(error instanceof Error && error.stack !== undefined ? { stack: error.stack } : {}),
  };
}

// What every job needs, loaded while there is none.
void startAssembler();
loadNative();
const jobs = workerData as MessagePort;
const [job] = (await once(jobs, 'message')) as [WorkerJob];
jobs.close();
if (job.kind === 'train') await runTraining(job);
else await runScoring(job);
