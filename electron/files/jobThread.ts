/** Jobs in threads of their own, so that neither the host nor the interface waits: one thread per job, ended with it. */
import { parentPort, Worker } from 'node:worker_threads';
import { ProblemError } from '../../core/problem.ts';
import type { Problem } from '../../core/problem.ts';

export interface JobOptions {
  /** So far, of how much. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
  /** Ends the thread at once, whatever it is doing. */
  readonly signal?: AbortSignal;
}

/** What is said where a job ends without a result. */
export interface JobWords {
  readonly cancelled: Problem;
  readonly outOfMemory: Problem;
}

type JobMessage =
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  | { readonly type: 'result'; readonly result: unknown }
  | { readonly type: 'problem'; readonly problem: Problem };

const progressIntervalMs = 50;

/** Gives the job to a new thread of `script`, which answers with `answerJob`. */
export function runInThread<R>(script: URL, job: unknown, words: JobWords, { onProgress, signal }: JobOptions): Promise<R> {
  if (signal?.aborted === true) return Promise.reject(new ProblemError(words.cancelled));
  return new Promise((resolve, reject) => {
    const worker = new Worker(script, { workerData: job, stdout: false, stderr: false });
    const end = (settle: () => void) => {
      signal?.removeEventListener('abort', cancel);
      worker.removeAllListeners('exit');
      // Settled only when the thread is gone: then its files can be removed.
      void worker.terminate().then(settle);
    };
    const fail = (problem: Problem) => end(() => reject(new ProblemError(problem)));
    const cancel = () => fail(words.cancelled);
    signal?.addEventListener('abort', cancel);
    worker.on('message', (message: JobMessage) => {
      if (message.type === 'progress') onProgress?.({ done: message.done, total: message.total });
      else if (message.type === 'problem') fail(message.problem);
      else end(() => resolve(message.result as R));
    });
    worker.on('error', (error) => {
      if ((error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY') fail(words.outOfMemory);
      else end(() => reject(error));
    });
    worker.on('exit', () => reject(new Error(`the thread of ${script.pathname} ended without a result`)));
  });
}

/** Does this thread's job and posts what came of it. */
export async function answerJob<R>(work: (onProgress: (done: number, total: number) => void) => R | Promise<R>): Promise<void> {
  const send = (message: JobMessage) => parentPort?.postMessage(message);
  let reportedMs = 0;
  try {
    const result = await work((done, total) => {
      const nowMs = performance.now();
      if (nowMs - reportedMs < progressIntervalMs) return;
      reportedMs = nowMs;
      send({ type: 'progress', done, total });
    });
    send({ type: 'result', result });
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    send({ type: 'problem', problem: error.problem });
  }
}
