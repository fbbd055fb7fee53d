/** A training step of jax-js, gradients and update included, as one jitted function; the device is chosen before. */
import { blockUntilReady, jit, nn, numpy as np, valueAndGrad } from '@jax-js/jax';
import { batchesOf, microseconds, Refusal } from './arrays.mjs';
import { models } from './jaxModels.mjs';

export function training(task, arrays) {
  if (!Object.hasOwn(models, task.network.family)) throw new Refusal('no twin of this network is written for it');
  const model = models[task.network.family](task.network);
  const { batchSize, loss: lossName } = task;
  const tensor = ({ values, shape }) => np.array(values).reshape(shape);
  const rowShape = task.network.family === 'mlp' ? [task.network.sizes[0]] : arrays.inputs.shape.slice(1);
  const batches = batchesOf(task, arrays).map(({ x, y, yShape }) => [
    np.array(x).reshape([batchSize, ...rowShape]),
    np.array(y).reshape([batchSize, ...yShape]),
  ]);

  function lossOf(weights, x, y) {
    const output = model(weights, x);
    if (lossName === 'mse') return np.square(output.sub(y)).mean();
    const count = y.shape.slice(0, -1).reduce((product, size) => product * size, 1);
    return nn
      .logSoftmax(output)
      .mul(y)
      .sum()
      .mul(-1 / count);
  }

  const gradient = valueAndGrad(lossOf);
  const { step, startStates } = task.optimizer.type === 'sgd' ? sgd(gradient, task.optimizer) : adam(gradient, task.optimizer);

  return async (steps) => {
    let weights = arrays.weights.map(tensor);
    let states = startStates(arrays.weights);
    let loss;
    await blockUntilReady([...weights, ...states].map((value) => value.ref));
    const start = microseconds();
    for (let i = 0; i < steps; i++) {
      const [x, y] = batches[i % batches.length];
      loss?.dispose();
      [loss, weights, states] = step(weights, states, x.ref, y.ref, np.array(new Float32Array([i + 1])));
    }
    await blockUntilReady([...weights, ...states].map((value) => value.ref));
    const [value] = await loss.data();
    const elapsedUs = microseconds() - start;
    for (const left of [...weights, ...states]) left.dispose();
    return { elapsedUs, loss: value };
  };
}

function sgd(gradient, { learningRate }) {
  return {
    startStates: () => [],
    step: jit((weights, states, x, y, count) => {
      count.dispose();
      const [loss, gradients] = gradient(
        weights.map((w) => w.ref),
        x,
        y,
      );
      return [loss, weights.map((w, i) => w.sub(gradients[i].mul(learningRate))), states];
    }),
  };
}

/** With weight decay outside the moments: AdamW. */
function adam(gradient, { type, learningRate, beta1, beta2, epsilon, weightDecay }) {
  const kept = type === 'adamw' ? 1 - learningRate * weightDecay : 1;
  return {
    startStates: (weights) => [...weights, ...weights].map(({ shape }) => np.zeros(shape)),
    step: jit((weights, states, x, y, count) => {
      const [loss, gradients] = gradient(
        weights.map((w) => w.ref),
        x,
        y,
      );
      const n = weights.length;
      const scalar = count.reshape([]);
      const correction1 = np
        .exp(scalar.ref.mul(Math.log(beta1)))
        .mul(-1)
        .add(1);
      const correction2 = np
        .exp(scalar.mul(Math.log(beta2)))
        .mul(-1)
        .add(1);
      const means = gradients.map((g, i) => states[i].mul(beta1).add(g.ref.mul(1 - beta1)));
      const squares = gradients.map((g, i) => states[n + i].mul(beta2).add(np.square(g).mul(1 - beta2)));
      const updated = weights.map((w, i) => {
        const root = np.sqrt(squares[i].ref.div(correction2.ref)).add(epsilon);
        return (kept === 1 ? w : w.mul(kept)).sub(means[i].ref.div(correction1.ref).div(root).mul(learningRate));
      });
      correction1.dispose();
      correction2.dispose();
      return [loss, updated, [...means, ...squares]];
    }),
  };
}
