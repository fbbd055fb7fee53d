/** jax-js on its WebGPU backend, in a browser's worker. */
import { defaultDevice, init } from '@jax-js/jax';
import { Refusal } from './arrays.mjs';
import { training } from './jaxTraining.mjs';
import { serve } from './serveWorker.mjs';

await serve(async (task, arrays) => {
  const devices = await init('webgpu');
  if (!devices.includes('webgpu')) throw new Refusal('it finds no WebGPU here');
  defaultDevice('webgpu');
  return { about: 'jax-js 0.1.25, WebGPU', run: training(task, await arrays()) };
});
