/**
 * Trainer threads. The app keeps one made ahead of need: loading its modules takes longer than the first steps of a
 * small network. A thread does one job and ends.
 */
import { MessageChannel, Worker } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import type { WorkerJob } from './protocol.ts';

interface Thread {
  readonly worker: Worker;
  /** The job goes in here, alone; commands follow through the worker's own port. */
  readonly jobs: MessagePort;
}

let keepsSpare = false;
let spare: Thread | undefined;

/** From now on a thread waits for the next job. It never keeps the process alive. */
export function keepSpareThread(): void {
  keepsSpare = true;
  if (spare !== undefined) return;
  const thread = createThread();
  thread.worker.unref();
  thread.worker.on('error', () => forget(thread));
  thread.worker.on('exit', () => forget(thread));
  spare = thread;
}

/** The thread that now works on the job. */
export function startThread(job: WorkerJob): Worker {
  const { worker, jobs } = spare ?? createThread();
  spare = undefined;
  worker.ref();
  jobs.postMessage(job, job.gpu === undefined ? [] : [job.gpu]);
  // Only once this job is done, so that the next thread's start takes no time from it.
  worker.on('exit', () => {
    if (keepsSpare) keepSpareThread();
  });
  return worker;
}

function createThread(): Thread {
  const { port1: jobs, port2 } = new MessageChannel();
  const worker = new Worker(new URL('./trainerWorker.ts', import.meta.url), {
    workerData: port2,
    transferList: [port2],
    name: 'layerbench trainer',
  });
  return { worker, jobs };
}

/** A spare thread that died is replaced when a job needs one. */
function forget(thread: Thread): void {
  if (spare === thread) spare = undefined;
}
