/** Helper threads for tests of the compiled engine; the app's are in `electron/trainer`. */
import { Worker } from 'node:worker_threads';
import type { SpawnHelper } from '../engines/platform.ts';

const idle: Worker[] = [];

function nextMessage(worker: Worker): Promise<unknown> {
  worker.ref();
  return new Promise<unknown>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (message) => {
      worker.off('error', reject);
      worker.unref();
      resolve(message);
    });
  });
}

/** Threads that are done serve the next engine. */
export const testHelpers: SpawnHelper = async (job) => {
  const worker = idle.pop() ?? new Worker(new URL('./helperWorker.ts', import.meta.url));
  worker.postMessage(job);
  await nextMessage(worker);
  return {
    async end() {
      await nextMessage(worker);
      idle.push(worker);
    },
  };
};
