/** Thread that inspects or imports one CSV file, then ends. Started by csvJobs.ts. */
import { parentPort, workerData } from 'node:worker_threads';
import { ProblemError } from '../../core/problem.ts';
import type { Problem } from '../../core/problem.ts';
import { importCsvFile, inspectCsvFile } from './csvFile.ts';
import type { CsvJob } from './csvFile.ts';

export type CsvWorkerMessage =
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  | { readonly type: 'result'; readonly result: unknown }
  | { readonly type: 'problem'; readonly problem: Problem };

const progressIntervalMs = 50;

async function run(job: CsvJob): Promise<void> {
  const send = (message: CsvWorkerMessage) => parentPort?.postMessage(message);
  let reportedMs = 0;
  const onProgress = (done: number, total: number) => {
    const nowMs = performance.now();
    if (nowMs - reportedMs < progressIntervalMs) return;
    reportedMs = nowMs;
    send({ type: 'progress', done, total });
  };
  try {
    const result = job.kind === 'import' ? await importCsvFile(job, onProgress) : inspectCsvFile(job, onProgress);
    send({ type: 'result', result });
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    send({ type: 'problem', problem: error.problem });
  }
}

await run(workerData as CsvJob);
