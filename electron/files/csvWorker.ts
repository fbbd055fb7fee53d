/** Thread that inspects or imports one CSV file or text, then ends. Started by csvJobs.ts. */
import { parentPort, workerData } from 'node:worker_threads';
import type { DataSetInfo } from '../../core/data/dataSet.ts';
import { ProblemError } from '../../core/problem.ts';
import type { Problem } from '../../core/problem.ts';
import { importCsvFile, inspectCsvFile } from './csvFile.ts';
import type { CsvImportJob, CsvInspectJob, CsvInspectResult, CsvProgress } from './csvFile.ts';
import { importTextFile, inspectTextFile } from './textFile.ts';
import type { TextImportJob, TextInspectJob, TextInspectResult } from './textFile.ts';

export type FileJob = CsvInspectJob | CsvImportJob | TextInspectJob | TextImportJob;
export type FileResult<J extends FileJob> = J extends CsvImportJob | TextImportJob
  ? DataSetInfo
  : J extends TextInspectJob
    ? TextInspectResult
    : CsvInspectResult;

export type CsvWorkerMessage =
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  | { readonly type: 'result'; readonly result: unknown }
  | { readonly type: 'problem'; readonly problem: Problem };

const progressIntervalMs = 50;

async function run(job: FileJob): Promise<void> {
  const send = (message: CsvWorkerMessage) => parentPort?.postMessage(message);
  let reportedMs = 0;
  const onProgress = (done: number, total: number) => {
    const nowMs = performance.now();
    if (nowMs - reportedMs < progressIntervalMs) return;
    reportedMs = nowMs;
    send({ type: 'progress', done, total });
  };
  try {
    const result = await resultOf(job, onProgress);
    send({ type: 'result', result });
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    send({ type: 'problem', problem: error.problem });
  }
}

function resultOf(job: FileJob, onProgress: CsvProgress): CsvInspectResult | TextInspectResult | Promise<DataSetInfo> {
  switch (job.kind) {
    case 'inspect':
      return inspectCsvFile(job, onProgress);
    case 'import':
      return importCsvFile(job, onProgress);
    case 'inspectText':
      return inspectTextFile(job);
    case 'importText':
      return importTextFile(job);
    default:
      return job satisfies never;
  }
}

await run(workerData as FileJob);
