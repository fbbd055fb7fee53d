/** Training with TensorFlow.js: variables and the library's own optimizers, each step tidied; the backend is set before. */
import * as tf from '@tensorflow/tfjs-core';
import { batchesOf, microseconds, Refusal } from './arrays.mjs';
import { families } from './tensorflowModels.mjs';

export async function training(task, arrays) {
  if (!Object.hasOwn(families, task.network.family)) throw new Refusal('no twin of this network is written for it');
  const { start, predict } = families[task.network.family](task.network);
  const { batchSize, loss: lossName } = task;
  const rowShape = arrays.inputs.shape.slice(1);
  const batches = batchesOf(task, arrays).map(({ x, y, yShape }) => ({
    x: tf.tensor(x, [batchSize, ...rowShape], x instanceof Int32Array ? 'int32' : 'float32'),
    y: tf.tensor(y, [batchSize, ...yShape]),
  }));
  const startWeights = start(arrays.weights).map(({ values, shape }) => tf.tensor(values, shape));
  for (const tensor of [...batches.flatMap(({ x, y }) => [x, y]), ...startWeights]) await upload(tensor);

  const lossOf = (weights, { x, y }) => {
    const output = predict(weights, x);
    return lossName === 'mse' ? tf.losses.meanSquaredError(y, output) : tf.losses.softmaxCrossEntropy(y, output);
  };

  return async (steps) => {
    const weights = startWeights.map((tensor) => tf.variable(tf.tidy(() => tf.add(tensor, 0))));
    const { step, optimizer } = optimizerOf(task.optimizer, weights);
    await weights.at(-1).data();
    let loss = NaN;
    const startUs = microseconds();
    for (let i = 0; i < steps; i++) {
      const batch = batches[i % batches.length];
      const last = i === steps - 1;
      const result = step(() => lossOf(weights, batch), last);
      if (!last) continue;
      [loss] = await result.data();
      result.dispose();
    }
    const elapsedUs = microseconds() - startUs;
    optimizer.dispose();
    for (const weight of weights) weight.dispose();
    return { elapsedUs, loss };
  };
}

/** Tensors stay in JavaScript until a kernel asks for them: nobody is timed for moving the data set. */
async function upload(tensor) {
  const used = tf.tidy(() => tf.sum(tensor));
  await used.data();
  used.dispose();
}

/** `step(loss, keep)` trains once and gives the loss if it is to be kept. The library has no AdamW: its Adam, and decay before it. */
function optimizerOf(config, weights) {
  const { type, learningRate, beta1, beta2, epsilon, weightDecay } = config;
  const optimizer = type === 'sgd' ? tf.train.sgd(learningRate) : tf.train.adam(learningRate, beta1, beta2, epsilon);
  if (type !== 'adamw') return { optimizer, step: (loss, keep) => optimizer.minimize(loss, keep, weights) };
  const step = (loss, keep) => {
    const { value, grads } = tf.variableGrads(loss, weights);
    tf.tidy(() => weights.forEach((weight) => weight.assign(tf.mul(weight, 1 - learningRate * weightDecay))));
    optimizer.applyGradients(grads);
    tf.dispose(grads);
    if (keep) return value;
    value.dispose();
  };
  return { optimizer, step };
}
