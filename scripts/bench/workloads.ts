/**
 * What is measured: each workload as the app would train it (document, prepared data, run config), and as the plain
 * description from which a peer builds the same network. Everything random comes from one seed, so that every contender
 * starts with the same weights and sees the same batches.
 */
import type { DataRole } from '../../core/data/dataSet.ts';
import { mirroredEdges } from '../../core/data/graph.ts';
import type { PreparedData, PreparedRole } from '../../core/data/prepared.ts';
import { batchDim, dim, edgesShape } from '../../core/graph/shape.ts';
import { defaultLossConfig } from '../../core/losses/index.ts';
import { defaultOptimizer } from '../../core/optimizers/index.ts';
import { createRandom } from '../../core/random/philox.ts';
import { defaultControls } from '../../core/train/defaults.ts';
import type { LossName, OptimizerConfig, RunConfig } from '../../core/train/runConfig.ts';
import type { NetworkDescription } from './networks.ts';

export interface Workload {
  readonly id: string;
  readonly title: string;
  readonly network: NetworkDescription;
  readonly data: () => PreparedData;
  readonly config: RunConfig;
}

/** Different batches a contender goes round; together larger than the caches, as a data set is. */
export const batchCount = 32;
const seed = 20;

const sgd: OptimizerConfig = { ...defaultOptimizer('sgd'), momentum: 0 };
const sgdMomentum: OptimizerConfig = { ...defaultOptimizer('sgd'), momentum: 0.9 };
const adam: OptimizerConfig = defaultOptimizer('adam');
const adamW: OptimizerConfig = defaultOptimizer('adamw');

function configOf(id: string, loss: LossName, batchSize: number, optimizer: OptimizerConfig): RunConfig {
  return {
    version: 3,
    network: { name: id },
    data: { id: 'synthetic' },
    split: { train: 1, validation: 0, test: 0, seed, stratify: false },
    preparation: { target: 'target', columns: {}, targetScaling: 'none' },
    task: { type: loss === 'crossEntropy' ? 'classification' : 'regression' },
    loss: defaultLossConfig(loss),
    optimizer,
    ...defaultControls,
    epochs: 1,
    batchSize,
    engine: { kind: 'auto', threads: 1 },
    seed,
  };
}

/** Pixels as the app stores them: bytes, scaled to 0–1 inside the program. */
function imageData(rowCount: number, classes: number, channels = 1, size = 28): PreparedData {
  const random = createRandom(seed, 1);
  const pixels = Uint8Array.from({ length: rowCount * channels * size ** 2 }, () => random.integer(256));
  const rowShape = [channels, size, size];
  const image: PreparedRole = { role: imageRole(rowShape), dtype: 'u8', rowShape, values: pixels, affine: { multiply: 1 / 255, add: 0 } };
  return preparedData([image], classTarget(rowCount, classes), rowCount);
}

function imageRole([channels = 1, height = 1, width = 1]: readonly number[]): DataRole {
  return { name: 'image', kind: 'input', description: '', shape: [batchDim, dim('C', channels), dim('H', height), dim('W', width)] };
}

/**
 * Noisy images, the step of the noise and the noise itself, which is to be predicted: drawn beforehand, so that every
 * contender computes the same.
 */
function noiseData(rowCount: number): PreparedData {
  const random = createRandom(seed, 1);
  const rowShape = [1, 28, 28];
  const pixels = 784;
  const steps = Float32Array.from({ length: rowCount }, () => random.integer(1000));
  const noise = Float32Array.from({ length: rowCount * pixels }, () => random.normal());
  const noisy = noise.map((value, i) => {
    const kept = Math.cos(((Math.PI / 2) * steps[Math.floor(i / pixels)]!) / 1000); // the root of the cosine schedule's ᾱ
    return kept * (2 * random.uniform() - 1) + Math.sqrt(1 - kept ** 2) * value;
  });
  const step: DataRole = { name: 'step', kind: 'input', description: '', shape: [batchDim, dim('F', 1)] };
  const target: DataRole = { name: 'target', kind: 'target', task: 'regression', description: '', shape: [batchDim, dim('F', pixels)] };
  return preparedData(
    [
      { role: imageRole(rowShape), dtype: 'f32', rowShape, values: noisy },
      { role: step, dtype: 'f32', rowShape: [1], values: steps },
    ],
    { role: target, dtype: 'f32', rowShape: [pixels], values: noise },
    rowCount,
  );
}

function pointData(rowCount: number): PreparedData {
  const random = createRandom(seed, 1);
  const role: DataRole = { name: 'features', kind: 'input', description: '', shape: [batchDim, dim('F', 2)] };
  const values = Float32Array.from({ length: rowCount * 2 }, () => random.normal());
  const target: DataRole = { name: 'target', kind: 'target', task: 'regression', description: '', shape: [batchDim, dim('F', 1)] };
  const signs = Float32Array.from({ length: rowCount }, (_, i) => (values[2 * i]! * values[2 * i + 1]! > 0 ? 1 : -1));
  return preparedData(
    [{ role, dtype: 'f32', rowShape: [2], values }],
    { role: target, dtype: 'f32', rowShape: [1], values: signs },
    rowCount,
  );
}

/** One random graph of Cora's size: 2,708 papers with 18 of 1,433 words each, 5,429 citations, 7 fields. All of it is one batch. */
const cora = { nodes: 2708, words: 1433, wordsPerNode: 18, citations: 5429, classes: 7 };

function citationData(): PreparedData {
  const random = createRandom(seed, 1);
  const { nodes, words, wordsPerNode, citations, classes } = cora;
  const features = new Float32Array(nodes * words);
  for (let node = 0; node < nodes; node++) {
    for (let i = 0; i < wordsPerNode; i++) features[node * words + random.integer(words)] = 1;
  }
  // Each pair once: an edge between other nodes, drawn again where it is there already.
  const pairs = new Set<number>();
  while (pairs.size < citations) {
    const [from, to] = [random.integer(nodes), random.integer(nodes)];
    if (from !== to) pairs.add(Math.min(from, to) * nodes + Math.max(from, to));
  }
  const listed = Int32Array.from([...pairs].flatMap((pair) => [Math.floor(pair / nodes), pair % nodes]));
  const edges = mirroredEdges(listed, nodes);
  const whole = { kind: 'whole' } as const;
  const role = (name: string, shape: DataRole['shape']): DataRole => ({ name, kind: 'input', description: '', shape });
  const target = classTarget(nodes, classes);
  return preparedData(
    [
      {
        role: role('nodes', [batchDim, dim('N', nodes), dim('F', words)]),
        dtype: 'f32',
        rowShape: [nodes, words],
        values: features,
        reading: whole,
      },
      { role: role('edges', edgesShape(edges.length / 2)), dtype: 'i32', rowShape: [edges.length / 2, 2], values: edges, reading: whole },
    ],
    { ...target, role: { ...target.role, task: 'nodeClassification', shape: [batchDim, dim('N', nodes), dim('F', classes)] } },
    nodes,
  );
}

/** Texts of `time` tokens; the target of every token is the one after it. */
function tokenData(rowCount: number, time: number, vocabulary: number): PreparedData {
  const random = createRandom(seed, 1);
  const text = Int32Array.from({ length: rowCount * time + 1 }, () => random.integer(vocabulary));
  const role: DataRole = { name: 'tokens', kind: 'input', description: '', shape: [batchDim, dim('T', time)] };
  const target: DataRole = {
    name: 'target',
    kind: 'target',
    task: 'classification',
    description: '',
    shape: [batchDim, dim('T', time), dim('F', vocabulary)],
    classNames: Array.from({ length: vocabulary }, (_, i) => `token ${i}`),
  };
  return preparedData(
    [{ role, dtype: 'i32', rowShape: [time], values: text.slice(0, -1) }],
    { role: target, dtype: 'i32', rowShape: [time], values: text.slice(1) },
    rowCount,
  );
}

function classTarget(rowCount: number, classes: number): PreparedRole {
  const random = createRandom(seed, 2);
  const classNames = Array.from({ length: classes }, (_, i) => `class ${i}`);
  const role: DataRole = {
    name: 'target',
    kind: 'target',
    task: 'classification',
    description: '',
    shape: [batchDim, dim('F', classes)],
    classNames,
  };
  return { role, dtype: 'i32', rowShape: [], values: Int32Array.from({ length: rowCount }, () => random.integer(classes)) };
}

function preparedData(inputs: readonly PreparedRole[], target: PreparedRole, rowCount: number): PreparedData {
  const none = new Int32Array();
  return {
    task: target.role.task ?? 'classification',
    rowCount,
    inputs,
    target,
    parts: { train: Int32Array.from({ length: rowCount }, (_, i) => i), validation: none, test: none },
    fitted: [],
    notices: [],
  };
}

function images(id: string, title: string, network: NetworkDescription, batchSize: number, optimizer: OptimizerConfig): Workload {
  const description = `${title}, batch ${batchSize}, cross-entropy, ${optimizer.type === 'sgd' ? 'SGD' : 'Adam'}`;
  return {
    id,
    title: description,
    network,
    data: () => imageData(batchCount * batchSize, 10),
    config: configOf(id, 'crossEntropy', batchSize, optimizer),
  };
}

function texts(id: string, title: string, network: NetworkDescription, vocabulary: number, optimizer: OptimizerConfig): Workload {
  return {
    id,
    title,
    network,
    data: () => tokenData(batchCount * 32, 64, vocabulary),
    config: configOf(id, 'crossEntropy', 32, optimizer),
  };
}

const imageMlp = { family: 'mlp', sizes: [784, 128, 64, 10], activation: 'relu' } as const;
const imageMlpTitle = 'MLP 784-128-64-10 ReLU';

export const workloads: readonly Workload[] = [
  {
    id: 'playground',
    title: 'MLP 2-8-8-1 tanh, batch 10, MSE, SGD',
    network: { family: 'mlp', sizes: [2, 8, 8, 1], activation: 'tanh' },
    data: () => pointData(batchCount * 10),
    config: configOf('playground', 'mse', 10, sgd),
  },
  images('mlp-b1', imageMlpTitle, imageMlp, 1, sgd),
  images('mlp-b32', imageMlpTitle, imageMlp, 32, sgd),
  images('mlp-b128', imageMlpTitle, imageMlp, 128, sgd),
  images('mlp-b128-adam', imageMlpTitle, imageMlp, 128, adam),
  images('lenet-b64', 'LeNet-5, 28 × 28', { family: 'lenet' }, 64, adam),
  images('cnn-b64', 'convolutions 3 × 3 32-64-pool-64-pool, dense 128-10, 28 × 28', { family: 'cnn' }, 64, adam),
  {
    id: 'resnet20-b32',
    title: 'ResNet-20, projected shortcuts, 3 × 32 × 32, batch 32, cross-entropy, SGD with momentum',
    network: { family: 'resnet20' },
    data: () => imageData(batchCount * 32, 10, 3, 32),
    config: configOf('resnet20-b32', 'crossEntropy', 32, sgdMomentum),
  },
  {
    id: 'ddpm-28',
    title: 'DDPM U-Net, 28 × 28, batch 32, MSE, AdamW',
    network: { family: 'ddpm28' },
    data: () => noiseData(batchCount * 32),
    config: configOf('ddpm-28', 'mse', 32, adamW),
  },
  {
    id: 'gcn-cora',
    title: 'GCN 1433-16-7 on a graph of 2,708 nodes and 5,429 edges, all in one batch, cross-entropy, Adam',
    network: { family: 'gcn' },
    data: citationData,
    config: { ...configOf('gcn-cora', 'crossEntropy', cora.nodes, adam), task: { type: 'nodeClassification' } },
  },
  texts(
    'lstm-t64',
    'embedding 64, LSTM 128, 64 steps, vocabulary 64, batch 32, cross-entropy, Adam',
    { family: 'lstm', vocabulary: 64, features: 64, units: 128 },
    64,
    adam,
  ),
  texts(
    'gpt-d128',
    '4 blocks, 128 features, 4 heads, 64 steps, vocabulary 64, batch 32, cross-entropy, AdamW',
    { family: 'gpt', vocabulary: 64, features: 128, heads: 4, blocks: 4, time: 64 },
    64,
    adamW,
  ),
];

export function findWorkload(id: string): Workload | undefined {
  return workloads.find((workload) => workload.id === id);
}

/** Square matrix products, to see the contraction kernel alone; not part of any mean. */
export const matmulSizes: readonly number[] = [256, 512, 1024];
