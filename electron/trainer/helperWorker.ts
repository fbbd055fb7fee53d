/** A thread that helps the compiled engine: one job after another, each until its engine is disposed of. */
import { parentPort } from 'node:worker_threads';
import { runHelper, type HelperJob } from '../../core/engines/wasm/helper.ts';
import { loadNative } from '../native/loadNative.ts';

const port = parentPort!;

port.on('message', (job: HelperJob) => {
  runHelper(job, job.native ? loadNative().accelerator : undefined, () => port.postMessage('ready'));
  port.postMessage('ended');
});
