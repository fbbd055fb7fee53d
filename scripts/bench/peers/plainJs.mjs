/**
 * The classroom implementation: arrays of arrays, one sample at a time, forward, backward, then one update with the mean
 * gradient of the batch.
 */
import { batchesOf, microseconds, Refusal } from './arrays.mjs';
import { serve } from './serve.mjs';

await serve((task, arrays) => {
  if (task.network?.family !== 'mlp' || task.optimizer.type !== 'sgd') throw new Refusal('it has dense layers and SGD only');
  const { sizes, activation } = task.network;
  const { batchSize, optimizer, loss: lossName } = task;
  const samples = batchesOf(task, arrays).map(({ x, y }) =>
    Array.from({ length: batchSize }, (_, row) => ({
      x: Array.from(x.subarray(row * sizes[0], (row + 1) * sizes[0])),
      y: Array.from(y.subarray(row * sizes.at(-1), (row + 1) * sizes.at(-1))),
    })),
  );

  const startLayers = () =>
    sizes.slice(1).map((units, l) => {
      const inputs = sizes[l];
      const weight = arrays.weights[2 * l].values;
      return {
        w: Array.from({ length: units }, (_, j) => Array.from(weight.subarray(j * inputs, (j + 1) * inputs))),
        b: Array.from(arrays.weights[2 * l + 1].values),
        dw: Array.from({ length: units }, () => new Array(inputs).fill(0)),
        db: new Array(units).fill(0),
        last: l === sizes.length - 2,
      };
    });

  const activate = (sum) => (activation === 'tanh' ? Math.tanh(sum) : Math.max(0, sum));
  const slope = (value) => (activation === 'tanh' ? 1 - value * value : value > 0 ? 1 : 0);

  function forward(layers, x) {
    const outputs = [x];
    for (const { w, b, last } of layers) {
      const input = outputs.at(-1);
      outputs.push(
        w.map((row, j) => {
          let sum = b[j];
          for (let i = 0; i < row.length; i++) sum += row[i] * input[i];
          return last ? sum : activate(sum);
        }),
      );
    }
    return outputs;
  }

  /** Loss of one sample, and its derivative by the outputs. */
  function lossOf(output, y) {
    if (lossName === 'mse') {
      const errors = output.map((value, j) => value - y[j]);
      return { loss: errors.reduce((sum, e) => sum + e * e, 0) / y.length, delta: errors.map((e) => (2 * e) / y.length) };
    }
    const max = Math.max(...output);
    const exps = output.map((value) => Math.exp(value - max));
    const total = exps.reduce((sum, e) => sum + e, 0);
    const probabilities = exps.map((e) => e / total);
    return { loss: -Math.log(probabilities[y.indexOf(1)]), delta: probabilities.map((p, j) => p - y[j]) };
  }

  function backward(layers, outputs, delta) {
    for (let l = layers.length - 1; l >= 0; l--) {
      const { w, dw, db } = layers[l];
      const input = outputs[l];
      const before = l === 0 ? undefined : new Array(input.length).fill(0);
      for (let j = 0; j < w.length; j++) {
        const d = delta[j];
        db[j] += d;
        for (let i = 0; i < input.length; i++) dw[j][i] += d * input[i];
        if (before !== undefined) for (let i = 0; i < input.length; i++) before[i] += d * w[j][i];
      }
      if (before !== undefined) delta = before.map((sum, i) => sum * slope(input[i]));
    }
  }

  function update(layers) {
    const rate = optimizer.learningRate / batchSize;
    for (const { w, b, dw, db } of layers) {
      for (let j = 0; j < w.length; j++) {
        b[j] -= rate * db[j];
        db[j] = 0;
        for (let i = 0; i < w[j].length; i++) {
          w[j][i] -= rate * dw[j][i];
          dw[j][i] = 0;
        }
      }
    }
  }

  return {
    about: `plain JavaScript, Node ${process.versions.node}`,
    run(steps) {
      const layers = startLayers();
      let loss = NaN;
      const start = microseconds();
      for (let step = 0; step < steps; step++) {
        const batch = samples[step % samples.length];
        loss = 0;
        for (const { x, y } of batch) {
          const outputs = forward(layers, x);
          const result = lossOf(outputs.at(-1), y);
          loss += result.loss / batchSize;
          backward(layers, outputs, result.delta);
        }
        update(layers);
      }
      return { elapsedUs: microseconds() - start, loss };
    },
  };
});
