/** The thread in which finished runs work. */
import { createAskThread, type AskOptions } from './askThread.ts';
import type { TrainedReference } from './protocol.ts';
import type { UseAsk, UseAskName, UseAsks, UseProgressMessage, UseQuestion } from './useProtocol.ts';

export interface UseThread {
  /** @throws ProblemError */
  ask<K extends UseAskName>(
    source: TrainedReference,
    ask: { readonly kind: K } & UseAsks[K]['args'],
    options?: AskOptions<UseProgressMessage>,
  ): Promise<UseAsks[K]['result']>;
  /** Ends the thread; what is still asked fails. The next question starts another. */
  close(): Promise<void>;
}

/** @param onDefect gets the stack of what went wrong inside Layerbench */
export function createUseThread(onDefect: (stack: string) => void): UseThread {
  const thread = createAskThread<UseQuestion, UseProgressMessage>({
    worker: new URL('./useWorker.ts', import.meta.url),
    name: 'layerbench use',
    doing: 'Using the run',
    code: 'use',
    memoryHint: 'Ask for fewer images or rows at once.',
    onDefect,
  });
  return {
    ask: async (source, ask, options) =>
      (await thread.ask({ source, ask: ask as unknown as UseAsk }, options)) as UseAsks[typeof ask.kind]['result'],
    close: () => thread.close(),
  };
}
