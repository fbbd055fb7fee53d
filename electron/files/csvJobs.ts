/** Inspects and imports CSV files and texts in threads of their own, so that neither the host nor the interface waits. */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { DataSetInfo } from '../../core/data/dataSet.ts';
import { ProblemError } from '../../core/problem.ts';
import type { Problem } from '../../core/problem.ts';
import type { CsvImportJob, CsvInspectJob, CsvInspectResult } from './csvFile.ts';
import type { CsvWorkerMessage, FileJob, FileResult } from './csvWorker.ts';
import type { TextImportJob, TextInspectJob, TextInspectResult } from './textFile.ts';

export type { CsvImportJob, CsvInspectJob, CsvInspectResult } from './csvFile.ts';

export interface CsvJobOptions {
  /** Bytes read so far, of how many. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
  /** Ends the thread at once, whatever it is doing. */
  readonly signal?: AbortSignal;
}

/** @throws ProblemError for a file that is no table, or `job.cancelled` */
export function inspectCsv(job: Omit<CsvInspectJob, 'kind'>, options: CsvJobOptions = {}): Promise<CsvInspectResult> {
  return runJob({ ...job, kind: 'inspect' }, options);
}

/** @throws ProblemError for a file that is no text */
export function inspectText(job: Omit<TextInspectJob, 'kind'>, options: CsvJobOptions = {}): Promise<TextInspectResult> {
  return runJob({ ...job, kind: 'inspectText' }, options);
}

/** Reads the file, writes its columns into `folder` under their hash, and says what they are. */
export function importCsv(job: Omit<CsvImportJob, 'kind' | 'temporaryFile'>, options: CsvJobOptions = {}): Promise<DataSetInfo> {
  return withTemporaryFile(job.folder, (temporaryFile) => runJob({ ...job, kind: 'import', temporaryFile }, options));
}

/** The same for a running text. */
export function importText(job: Omit<TextImportJob, 'kind' | 'temporaryFile'>, options: CsvJobOptions = {}): Promise<DataSetInfo> {
  return withTemporaryFile(job.folder, (temporaryFile) => runJob({ ...job, kind: 'importText', temporaryFile }, options));
}

async function withTemporaryFile<T>(folder: string, work: (temporaryFile: string) => Promise<T>): Promise<T> {
  const temporaryFile = path.join(folder, `.${randomUUID()}.tmp`);
  try {
    return await work(temporaryFile);
  } finally {
    await fs.promises.rm(temporaryFile, { force: true });
  }
}

function runJob<J extends FileJob>(job: J, { onProgress, signal }: CsvJobOptions): Promise<FileResult<J>> {
  const cancelled: Problem = { code: 'job.cancelled', message: `Reading ${job.fileName} was cancelled.` };
  if (signal?.aborted === true) return Promise.reject(new ProblemError(cancelled));
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./csvWorker.ts', import.meta.url), { workerData: job, stdout: false, stderr: false });
    const end = (settle: () => void) => {
      signal?.removeEventListener('abort', cancel);
      worker.removeAllListeners('exit');
      // Settled only when the thread is gone: then its files can be removed.
      void worker.terminate().then(settle);
    };
    const fail = (problem: Problem) => end(() => reject(new ProblemError(problem)));
    const cancel = () => fail(cancelled);
    signal?.addEventListener('abort', cancel);
    worker.on('message', (message: CsvWorkerMessage) => {
      if (message.type === 'progress') onProgress?.({ done: message.done, total: message.total });
      else if (message.type === 'problem') fail(message.problem);
      else end(() => resolve(message.result as FileResult<J>));
    });
    worker.on('error', (error) => {
      if ((error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY') {
        fail({
          code: 'csv.memory',
          message: `${job.fileName} does not fit into memory.`,
          where: { kind: 'file', file: job.fileName },
          hint: job.kind === 'importText' ? 'Keep a part of the text.' : 'Keep fewer rows or columns.',
        });
      } else end(() => reject(error));
    });
    worker.on('exit', () => reject(new Error(`the thread that read ${job.fileName} ended without a result`)));
  });
}
