/** What every JavaScript peer needs of a task, in Node and in a browser alike. */

/** It cannot take part, and says why. */
export class Refusal extends Error {}

/** One line for the parent. */
export function refusalOf(error) {
  return error instanceof Refusal ? error.message : `${error?.stack ?? error}`.split('\n').slice(0, 2).join(' ');
}

/** Typed arrays of a training task; `bytes` is the whole binary file. */
export function readArrays(task, bytes) {
  const read = ({ dtype, shape, offset }) => {
    const length = shape.reduce((product, size) => product * size, 1);
    const part = bytes.slice(offset, offset + 4 * length).buffer;
    return { shape, values: dtype === 'i32' ? new Int32Array(part) : new Float32Array(part) };
  };
  return { inputs: read(task.inputs), targets: read(task.targets), weights: task.weights.map(read) };
}

/** One batch each: inputs as stored; class targets as one-hot rows of shape `yShape`, number targets as they are. */
export function batchesOf(task, { inputs, targets }) {
  const { batchSize, batchCount, classes } = task;
  const perBatch = inputs.values.length / batchCount;
  const targetsPerBatch = targets.values.length / batchCount;
  const rowShape = targets.shape.slice(1);
  return Array.from({ length: batchCount }, (_, i) => {
    const x = inputs.values.slice(i * perBatch, (i + 1) * perBatch);
    const target = targets.values.slice(i * targetsPerBatch, (i + 1) * targetsPerBatch);
    if (task.loss === 'mse') return { x, y: target, yShape: rowShape };
    const y = new Float32Array(targetsPerBatch * classes);
    target.forEach((label, row) => (y[row * classes + label] = 1));
    return { x, y, yShape: [...rowShape, classes] };
  });
}

export const microseconds = () => performance.now() * 1000;

/** Square matrices of a matmul task, the same for all. */
export function matrixOf(size, seed) {
  return Float32Array.from({ length: size * size }, (_, i) => (((i * 2654435761 + seed) >>> 8) % 1000) / 1000 - 0.5);
}
