/** TensorFlow.js on its wasm backend: variables and the library's own optimizers, each step tidied. */
import { createRequire, registerHooks } from 'node:module';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { batchesOf, matrixOf, microseconds, readArrays, Refusal, serve } from './serve.mjs';

// The gradients stand in files of their own, whose imports leave out the ending that Node asks for.
registerHooks({
  resolve: (specifier, context, next) => {
    const bare = /^\.{1,2}\//.test(specifier) && context.parentURL?.includes('tfjs-core') && path.extname(specifier) === '';
    return next(bare ? `${specifier}.js` : specifier, context);
  },
});

await serve(async (task) => {
  await import('@tensorflow/tfjs-core/dist/register_all_gradients.js');
  const require = createRequire(import.meta.url);
  setWasmPaths(`${path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}${path.sep}`);
  if (!(await tf.setBackend('wasm'))) throw new Refusal('its wasm backend does not start');
  await tf.ready();
  return { about: `TensorFlow.js ${tf.version_core}, wasm`, run: task.kind === 'matmul' ? matmul(task) : training(task) };
});

function training(task) {
  if (task.network.family !== 'mlp') throw new Refusal('its wasm backend trains dense networks only');
  const arrays = readArrays(task);
  const { sizes, activation } = task.network;
  const { batchSize, optimizer: config, loss: lossName } = task;
  const units = sizes.at(-1);
  const batches = batchesOf(task, arrays).map(({ x, y }) => ({
    x: tf.tensor2d(x, [batchSize, sizes[0]]),
    y: tf.tensor2d(y, [batchSize, units]),
  }));

  return async (steps) => {
    const weights = arrays.weights.map(({ values, shape }) => tf.variable(tf.tensor(values, shape)));
    const optimizer =
      config.type === 'sgd'
        ? tf.train.sgd(config.learningRate)
        : tf.train.adam(config.learningRate, config.beta1, config.beta2, config.epsilon);
    const lossOf = ({ x, y }) => {
      let h = x;
      for (let l = 0; l < sizes.length - 1; l++) {
        h = tf.add(tf.matMul(h, weights[2 * l], false, true), weights[2 * l + 1]);
        if (l < sizes.length - 2) h = activation === 'tanh' ? tf.tanh(h) : tf.relu(h);
      }
      if (lossName === 'mse') return tf.losses.meanSquaredError(y, h);
      return tf.losses.softmaxCrossEntropy(y, h);
    };
    let loss = NaN;
    const start = microseconds();
    for (let i = 0; i < steps; i++) {
      const batch = batches[i % batches.length];
      const last = i === steps - 1;
      const result = optimizer.minimize(() => lossOf(batch), last, weights);
      if (last) {
        loss = result.dataSync()[0];
        result.dispose();
      }
    }
    const elapsedUs = microseconds() - start;
    optimizer.dispose();
    for (const weight of weights) weight.dispose();
    return { elapsedUs, loss };
  };
}

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
