/** TensorFlow.js on its WebGPU backend, in a browser's worker. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import '@tensorflow/tfjs-backend-webgpu';
import { Refusal } from './arrays.mjs';
import { serve } from './serveWorker.mjs';
import { training } from './tensorflowTraining.mjs';

await serve(async (task, arrays) => {
  if (!(await tf.setBackend('webgpu'))) throw new Refusal('its WebGPU backend does not start');
  await tf.ready();
  return { about: `TensorFlow.js ${tf.version_core}, WebGPU`, run: await training(task, await arrays()) };
});
