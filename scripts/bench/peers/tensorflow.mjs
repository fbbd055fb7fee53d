/** TensorFlow.js on its wasm backend, which has gradients for dense networks alone. */
import { createRequire, registerHooks } from 'node:module';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { matrixOf, microseconds, Refusal } from './arrays.mjs';
import { serve } from './serve.mjs';
import { training } from './tensorflowTraining.mjs';

// The gradients stand in files of their own, whose imports leave out the ending that Node asks for.
registerHooks({
  resolve: (specifier, context, next) => {
    const bare = /^\.{1,2}\//.test(specifier) && context.parentURL?.includes('tfjs-core') && path.extname(specifier) === '';
    return next(bare ? `${specifier}.js` : specifier, context);
  },
});

await serve(async (task, arrays) => {
  if (task.kind === 'train' && task.network.family !== 'mlp') throw new Refusal('its wasm backend trains dense networks only');
  await import('@tensorflow/tfjs-core/dist/register_all_gradients.js');
  const require = createRequire(import.meta.url);
  setWasmPaths(`${path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}${path.sep}`);
  if (!(await tf.setBackend('wasm'))) throw new Refusal('its wasm backend does not start');
  await tf.ready();
  return { about: `TensorFlow.js ${tf.version_core}, wasm`, run: task.kind === 'matmul' ? matmul(task) : await training(task, arrays) };
});

function matmul({ size }) {
  const a = tf.tensor2d(matrixOf(size, 1), [size, size]);
  const b = tf.tensor2d(matrixOf(size, 2), [size, size]);
  return async (steps) => {
    let c;
    const start = microseconds();
    for (let i = 0; i < steps; i++) {
      c?.dispose();
      c = tf.matMul(a, b);
    }
    const values = c.dataSync();
    const elapsedUs = microseconds() - start;
    c.dispose();
    return { elapsedUs, loss: values[size + 1] };
  };
}
