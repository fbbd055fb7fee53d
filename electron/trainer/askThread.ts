/** A thread that answers questions: starts with the first one, and ends when nobody asks any more. */
import { Worker } from 'node:worker_threads';
import { ProblemError, type Problem } from '../../core/problem.ts';
import { oneLine } from './oneLine.ts';

/** Host to thread: what is asked, or that an answer is no longer wanted. */
export type AskMessage<Question> =
  { readonly id: number; readonly type: 'ask'; readonly question: Question } | { readonly id: number; readonly type: 'cancel' };

export type AskReply<Progress = never> = { readonly id: number } & (
  | { readonly type: 'answer'; readonly value: unknown }
  | { readonly type: 'progress'; readonly progress: Progress }
  /** `stack`: of a defect of ours, for the log. */
  | { readonly type: 'failed'; readonly problem: Problem; readonly stack?: string }
);

export interface AskThreadOptions {
  readonly worker: URL;
  readonly name: string;
  /** What the thread does, for messages: `Using the run`. */
  readonly doing: string;
  /** Codes of its problems begin with it: `use`. */
  readonly code: string;
  /** The way out where memory runs out. */
  readonly memoryHint: string;
  /** Gets the stack of what went wrong inside Layerbench. */
  readonly onDefect: (stack: string) => void;
}

export interface AskThread<Question, Progress> {
  /** @throws ProblemError */
  ask(question: Question, options?: AskOptions<Progress>): Promise<unknown>;
  /** Ends the thread; what is still asked fails. The next question starts another. */
  close(): Promise<void>;
}

export interface AskOptions<Progress> {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

interface Open<Progress> {
  resolve(value: unknown): void;
  reject(error: Error): void;
  readonly onProgress: ((progress: Progress) => void) | undefined;
}

/** Memory that nobody uses is freed after this. */
const idleMs = 300_000;

export function createAskThread<Question, Progress = never>(options: AskThreadOptions): AskThread<Question, Progress> {
  const { name, doing, code } = options;
  const ended: Problem = { code: `${code}.ended`, message: `${doing} was ended.` };
  let worker: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  let lastId = 0;
  const open = new Map<number, Open<Progress>>();

  function start(): Worker {
    const started = new Worker(options.worker, { name });
    const fail = (problem: Problem) => {
      if (worker !== started) return;
      worker = undefined;
      failAll(problem);
    };
    started.on('message', (reply: AskReply<Progress>) => settle(reply));
    started.on('error', (error: unknown) => fail(faultOf(error)));
    started.on('exit', () => fail(ended));
    return started;
  }

  function settle(reply: AskReply<Progress>): void {
    const job = open.get(reply.id);
    if (reply.type === 'progress') return job?.onProgress?.(reply.progress);
    open.delete(reply.id);
    rest();
    if (reply.type === 'answer') return job?.resolve(reply.value);
    if (reply.stack !== undefined) options.onDefect(reply.stack);
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

  function faultOf(error: unknown): Problem {
    if ((error as { code?: unknown } | null)?.code === 'ERR_WORKER_OUT_OF_MEMORY') {
      return { code: `${code}.outOfMemory`, message: `${doing} took more memory than there is.`, hint: options.memoryHint };
    }
    return { code: 'internal', message: `${doing} failed: ${oneLine(error)}` };
  }

  return {
    async ask(question, { signal, onProgress } = {}) {
      clearTimeout(idle);
      const asked = (worker ??= start());
      asked.ref();
      const id = ++lastId;
      const send = (message: AskMessage<Question>) => asked.postMessage(message);
      const cancel = () => send({ id, type: 'cancel' });
      try {
        return await new Promise<unknown>((resolve, reject) => {
          open.set(id, { resolve, reject, onProgress });
          send({ id, type: 'ask', question });
          signal?.addEventListener('abort', cancel);
          if (signal?.aborted === true) cancel();
        });
      } finally {
        signal?.removeEventListener('abort', cancel);
      }
    },
    close,
  };
}
