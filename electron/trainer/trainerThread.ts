/** Starts trainings and scorings on worker threads of the host, so that neither its thread nor the interface's waits for them. */
import type { Worker } from 'node:worker_threads';
import type { PartScore, TrainingCommand } from '../../core/train/records.ts';
import { ProblemError } from '../../core/problem.ts';
import type { Problem } from '../../core/problem.ts';
import { oneLine } from './oneLine.ts';
import type { ScoreJob, TrainerEvent, TrainerJob, WorkerCommand, WorkerJob, WorkerMessage } from './protocol.ts';
import { startThread } from './spareThread.ts';

export type { CheckpointSaved, DataReference, ScoreJob, TrainerEvent, TrainerJob } from './protocol.ts';

export interface TrainerHandle {
  /** Events in order, grouped for about 100 ms. The last is `finished` or `failed`. */
  onEvents(listener: (events: readonly TrainerEvent[]) => void): void;
  command(command: TrainingCommand): void;
  /** Ends the thread at once, without a last checkpoint and without further events. */
  terminate(): Promise<void>;
  /** Resolves once the thread is gone. */
  readonly done: Promise<void>;
}

export function startTrainer(job: TrainerJob): TrainerHandle {
  const listeners: ((events: readonly TrainerEvent[]) => void)[] = [];
  /** Kept for a listener that comes after the first events. */
  const early: TrainerEvent[] = [];
  let ended = false;

  function emit(events: readonly TrainerEvent[]): void {
    if (ended || events.length === 0) return;
    const last = events.at(-1)!;
    ended = last.type === 'finished' || last.type === 'failed';
    if (listeners.length === 0) early.push(...events);
    for (const listener of listeners) listener(events);
  }

  const { worker, done } = startWorker(
    { kind: 'train', ...job },
    {
      message: (message) => {
        if (message.kind === 'events') emit(message.events);
        else if (message.kind === 'failed')
          emit([
            message.stack === undefined
              ? { type: 'failed', problem: message.problem }
              : { type: 'failed', problem: message.problem, stack: message.stack },
          ]);
      },
      died: (problem) => emit([{ type: 'failed', problem }]),
    },
  );

  return {
    onEvents(listener) {
      listeners.push(listener);
      if (early.length > 0) listener(early.splice(0));
    },
    command(command) {
      if (!ended) worker.postMessage(command satisfies WorkerCommand);
    },
    async terminate() {
      ended = true;
      await worker.terminate();
    },
    done,
  };
}

/**
 * Scores one part of the data with a checkpoint's weights.
 * @throws ProblemError
 */
export async function scoreInThread(job: ScoreJob, onNotice: (problem: Problem) => void = () => undefined): Promise<PartScore> {
  return new Promise((resolve, reject) => {
    startWorker(
      { kind: 'score', ...job },
      {
        message: (message) => {
          if (message.kind === 'score') resolve(message.score);
          else if (message.kind === 'notice') onNotice(message.problem);
          else if (message.kind === 'failed') reject(new ProblemError(message.problem));
        },
        // After an answer this changes nothing: a promise settles once.
        died: (problem) => reject(new ProblemError(problem)),
      },
    );
  });
}

interface WorkerListener {
  message(message: WorkerMessage): void;
  /** The thread ended, for whatever reason. */
  died(problem: Problem): void;
}

function startWorker(job: WorkerJob, listener: WorkerListener): { worker: Worker; done: Promise<void> } {
  const worker = startThread(job);
  let fault: Problem | undefined;
  worker.on('message', (message: WorkerMessage) => listener.message(message));
  worker.on('error', (error: unknown) => {
    fault = workerFault(error);
  });
  const done = new Promise<void>((resolve) => {
    worker.on('exit', () => {
      listener.died(
        fault ?? {
          code: 'trainer.died',
          message: 'The training thread ended without a result.',
          hint: 'Resume the run from its last checkpoint.',
        },
      );
      resolve();
    });
  });
  return { worker, done };
}

function workerFault(error: unknown): Problem {
  if ((error as { code?: unknown } | null)?.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return {
      code: 'trainer.outOfMemory',
      message: 'The training ran out of memory.',
      hint: 'Use a smaller batch size, a smaller network or fewer rows.',
    };
  }
  return { code: 'internal', message: `The training thread failed: ${oneLine(error)}` };
}
