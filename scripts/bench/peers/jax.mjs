/** jax-js on its wasm backend: the whole step, gradients and update included, is one jitted function. */
import { blockUntilReady, defaultDevice, init, jit, numpy as np } from '@jax-js/jax';
import { matrixOf, microseconds, Refusal } from './arrays.mjs';
import { training } from './jaxTraining.mjs';
import { serve } from './serve.mjs';

await serve(async (task, arrays) => {
  const devices = await init();
  if (!devices.includes('wasm')) throw new Refusal('it has no wasm backend here');
  defaultDevice('wasm');
  return { about: 'jax-js 0.1.25, wasm', run: task.kind === 'matmul' ? matmul(task) : training(task, arrays) };
});

function matmul({ size }) {
  const a = np.array(matrixOf(size, 1)).reshape([size, size]);
  const b = np.array(matrixOf(size, 2)).reshape([size, size]);
  const product = jit((left, right) => np.dot(left, right));
  return async (steps) => {
    let c;
    const start = microseconds();
    for (let i = 0; i < steps; i++) {
      c?.dispose();
      c = product(a.ref, b.ref);
      await blockUntilReady(c.ref);
    }
    const elapsedUs = microseconds() - start;
    const values = await c.data();
    return { elapsedUs, loss: values[size + 1] };
  };
}
