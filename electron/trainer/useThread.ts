/** Starts the thread in which finished runs work, and ends it when nobody asks any more. */
import { Worker } from 'node:worker_threads';
import { ProblemError, type Problem } from '../../core/problem.ts';
import { oneLine } from './oneLine.ts';
import type { TrainedReference } from './protocol.ts';
import type { UseAsk, UseAskName, UseAsks, UseProgressMessage, UseReply, UseRequest } from './useProtocol.ts';

const ended: Problem = { code: 'use.ended', message: 'Using the run was ended.' };

/** Memory of a run that nobody uses is freed after this. */
const idleMs = 300_000;

export interface UseThread {
  /** @throws ProblemError */
  ask<K extends UseAskName>(
    source: TrainedReference,
    ask: { readonly kind: K } & UseAsks[K]['args'],
    options?: { readonly signal?: AbortSignal; readonly onProgress?: (progress: UseProgressMessage) => void },
  ): Promise<UseAsks[K]['result']>;
  /** Ends the thread; what is still asked fails. The next question starts another. */
  close(): Promise<void>;
}

interface Open {
  resolve(value: unknown): void;
  reject(error: Error): void;
  readonly onProgress: ((progress: UseProgressMessage) => void) | undefined;
}

/** @param onDefect gets the stack of what went wrong inside Layerbench */
export function createUseThread(onDefect: (stack: string) => void): UseThread {
  let worker: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  let lastId = 0;
  const open = new Map<number, Open>();

  function start(): Worker {
    const started = new Worker(new URL('./useWorker.ts', import.meta.url), { name: 'layerbench use' });
    const fail = (problem: Problem) => {
      if (worker !== started) return;
      worker = undefined;
      failAll(problem);
    };
    started.on('message', (reply: UseReply) => settle(reply));
    started.on('error', (error: unknown) => fail(faultOf(error)));
    started.on('exit', () => fail(ended));
    return started;
  }

  function settle(reply: UseReply): void {
    const job = open.get(reply.id);
    if (reply.type === 'progress') return job?.onProgress?.(reply.progress);
    open.delete(reply.id);
    rest();
    if (reply.type === 'answer') return job?.resolve(reply.value);
    if (reply.stack !== undefined) onDefect(reply.stack);
    job?.reject(new ProblemError(reply.problem));
  }

  function rest(): void {
    clearTimeout(idle);
    if (open.size > 0) return;
    worker?.unref();
    idle = setTimeout(() => void close(), idleMs);
    idle.unref();
  }

  function failAll(problem: Problem): void {
    for (const { reject } of open.values()) reject(new ProblemError(problem));
    open.clear();
  }

  async function close(): Promise<void> {
    clearTimeout(idle);
    const ending = worker;
    worker = undefined;
    failAll(ended);
    await ending?.terminate();
  }

  return {
    async ask(source, ask, { signal, onProgress } = {}) {
      clearTimeout(idle);
      const asked = (worker ??= start());
      asked.ref();
      const id = ++lastId;
      const send = (request: UseRequest) => asked.postMessage(request);
      const cancel = () => send({ id, type: 'cancel' });
      try {
        const value = await new Promise<unknown>((resolve, reject) => {
          open.set(id, { resolve, reject, onProgress });
          send({ id, type: 'ask', source, ask: ask as unknown as UseAsk });
          signal?.addEventListener('abort', cancel);
          if (signal?.aborted === true) cancel();
        });
        return value as UseAsks[typeof ask.kind]['result'];
      } finally {
        signal?.removeEventListener('abort', cancel);
      }
    },
    close,
  };
}

function faultOf(error: unknown): Problem {
  if ((error as { code?: unknown } | null)?.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return {
      code: 'use.outOfMemory',
      message: 'Using the run took more memory than there is.',
      hint: 'Ask for fewer images or rows at once.',
    };
  }
  return { code: 'internal', message: `The thread that uses the run failed: ${oneLine(error)}` };
}
