/**
 * Helper threads of the compiled engine as worker threads of whoever runs it. They end with that thread, never keep the
 * process alive, and those that are done wait for the next engine: starting one takes longer than loading a small network.
 */
import { Worker } from 'node:worker_threads';
import type { HelperThread, SpawnHelper } from '../../core/engines/platform.ts';
import type { HelperJob } from '../../core/engines/wasm/helper.ts';

const idle: Worker[] = [];

function startWorker(): Worker {
  const worker = new Worker(new URL('./helperWorker.ts', import.meta.url), { name: 'layerbench helper' });
  worker.unref();
  return worker;
}

/** Starts threads before they are needed, so that they come up while the data is read. */
export function prepareHelpers(count: number): void {
  while (idle.length < count) idle.push(startWorker());
}

/** The next message; rejects if the thread dies first. */
async function nextMessage(worker: Worker, expected: string): Promise<void> {
  // While someone waits for it, the thread may keep the process alive.
  worker.ref();
  try {
    await new Promise<void>((resolve, reject) => {
      const settle = (error?: Error) => {
        worker.off('message', onMessage);
        worker.off('error', settle);
        worker.off('exit', onExit);
        if (error === undefined) resolve();
        else reject(error);
      };
      const onMessage = (message: unknown) => settle(message === expected ? undefined : new Error(`helper thread: ${String(message)}`));
      const onExit = () => settle(new Error('A helper thread of the engine ended unexpectedly.'));
      worker.on('message', onMessage);
      worker.on('error', settle);
      worker.on('exit', onExit);
    });
  } finally {
    worker.unref();
  }
}

export const spawnHelper: SpawnHelper = async (job: HelperJob): Promise<HelperThread> => {
  const worker = idle.pop() ?? startWorker();
  worker.postMessage(job);
  await nextMessage(worker, 'ready');
  return {
    async end() {
      await nextMessage(worker, 'ended');
      idle.push(worker);
    },
  };
};
