/** The thread behind `testHelpers`. */
import { parentPort } from 'node:worker_threads';
import { runHelper, type HelperJob } from '../engines/wasm/helper.ts';

const port = parentPort!;

port.on('message', (job: HelperJob) => {
  runHelper(job, undefined, () => port.postMessage('ready'));
  port.postMessage('ended');
});
