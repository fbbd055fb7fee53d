/** Scores files and writes models in threads of their own. */
import { runInThread, type JobOptions } from '../files/jobThread.ts';
import type { ExportModelJob, ExportModelResult } from './exportModelFile.ts';
import type { ModelFileJob } from './modelFileWorker.ts';
import type { ScoreFileJob, ScoreFileResult } from './scoreFile.ts';

/** @throws ProblemError for a file that does not fit the run, or `job.cancelled` */
export function scoreFileInThread(job: ScoreFileJob, options: JobOptions = {}): Promise<ScoreFileResult> {
  return runJob({ ...job, kind: 'score' }, `Scoring ${job.fileName}`, options);
}

export function exportModelInThread(job: ExportModelJob, options: JobOptions = {}): Promise<ExportModelResult> {
  return runJob({ ...job, kind: 'export' }, 'Exporting the model', options);
}

function runJob<R>(job: ModelFileJob, what: string, options: JobOptions): Promise<R> {
  const words = {
    cancelled: { code: 'job.cancelled', message: `${what} was cancelled.` },
    outOfMemory: { code: 'use.memory', message: `${what} ran out of memory.`, hint: 'Close other programs, or use a smaller network.' },
  };
  return runInThread(new URL('./modelFileWorker.ts', import.meta.url), job, words, options);
}
