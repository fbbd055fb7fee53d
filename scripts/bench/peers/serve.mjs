/** The child's half of the protocol in ../contender.ts, and the reading of a task's files. */
import fs from 'node:fs';
import readline from 'node:readline';

const write = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);

/**
 * @param prepare gets the task, returns { about, run(steps) }; `run` restores the start, then times the steps alone and
 *   returns { elapsedUs, loss }
 */
export async function serve(prepare) {
  try {
    const task = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
    const { about, run } = await prepare(task);
    write({ ready: about });
    for await (const line of readline.createInterface({ input: process.stdin })) {
      write(await run(JSON.parse(line).steps));
    }
  } catch (error) {
    write({ refused: error instanceof Refusal ? error.message : `${error?.stack ?? error}`.split('\n').slice(0, 2).join(' ') });
  }
  process.exit(0);
}

export class Refusal extends Error {}

/** Typed arrays of a training task's binary file. */
export function readArrays(task) {
  const { buffer, byteOffset } = fs.readFileSync(task.binary);
  const read = ({ dtype, shape, offset }) => {
    const length = shape.reduce((product, size) => product * size, 1);
    const bytes = buffer.slice(byteOffset + offset, byteOffset + offset + 4 * length);
    return { shape, values: dtype === 'i32' ? new Int32Array(bytes) : new Float32Array(bytes) };
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
