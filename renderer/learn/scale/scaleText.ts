/** The words of the page on how networks grew. */
import type { Precision } from '../../../core/scale/memory.ts';
import type { DataUnit } from '../../../core/scale/trainingFacts.ts';
import { formatCount } from '../../ui/format.ts';

const units: Readonly<Record<DataUnit, string>> = { image: 'image', token: 'token', graph: 'pass over the graph' };
const manyUnits: Readonly<Record<DataUnit, string>> = { image: 'images', token: 'tokens', graph: 'passes' };

export const scaleText = {
  what: 'Reference architectures on one axis. Parameters and forward FLOPs are counted in the network as it is drawn; how it was trained is what its authors published.',
  axis: 'Axis',
  axes: {
    parameters: 'Parameters',
    seen: 'Training data',
    forward: 'Forward FLOPs',
    training: 'Training FLOPs',
    memory: 'Memory in training',
    time: 'Time to train',
  },
  optimizer: 'Optimizer',
  precision: 'Precision',
  precisions: { float32: 'float32', mixed: 'mixed, 16 and 32 bits', bfloat16: 'bfloat16 only' } satisfies Record<Precision, string>,
  hardware: 'Hardware',
  thisMachine: 'this machine',
  count: 'How many',
  utilisation: 'Of its peak',
  measure: 'Measure this machine',
  measuring: 'Measuring …',
  cancel: 'Cancel',
  measured: (speed: string, engine: string) => `this machine trains at ${speed}/s (${engine})`,
  notMeasured: 'not measured yet',
  plot: 'Networks by year',
  points: 'Networks',
  pointOf: (title: string, year: number, value: string) => `${title}, ${year}: ${value}`,
  missing: (count: number) =>
    `${count === 1 ? 'One network has' : `${formatCount(count)} networks have`} no figure here: it was not published.`,
  noTime: 'Measure this machine to see how long it would take.',
  estimate: 'estimate, never published',
  columns: {
    title: 'Network',
    year: 'Year',
    parameters: 'Parameters',
    seen: 'Seen in training',
    forward: 'Forward pass',
    training: 'Training',
    memory: 'Memory',
    time: (where: string) => `Time on ${where}`,
  },
  seen: (count: string, unit: DataUnit) => `${count} ${manyUnits[unit]}`,
  per: (unit: DataUnit | undefined) => `per ${unit === undefined ? 'sample' : units[unit]}`,
  different: (count: string, unit: DataUnit) => `${count} different ${manyUnits[unit]}`,
  hint: 'Choose a network for where its figures come from.',
  source: 'Source',
  counted: 'Counted',
  trainingRule: (forward: string, seen: string) =>
    `3 × ${forward} × ${seen}: a backward pass is about two forward passes (Kaplan and others 2020)`,
  published: (flops: string, ratio: string) => `published: ${flops}; counted here: ${ratio} of it`,
  weightsAlone: (bytes: string) => `${bytes} of weights alone, as when it is used`,
  memoryRule: (bytes: string) => `${bytes} bytes for each weight; activations come on top (Rajbhandari and others 2020)`,
  fits: (count: number) => `weights, gradients and states need the memory of ${count === 1 ? 'one' : formatCount(count)}`,
  open: 'Open on the canvas',
  laws: 'Scaling laws',
  lawsWhat: 'What two fitted laws say of a language model’s loss, in nats per token.',
  size: 'Parameters N',
  tokens: 'Tokens D',
  compute: 'Compute C = 6 N D',
  perWeight: 'Tokens per parameter',
  kaplan: 'Kaplan and others 2020',
  kaplanRule: 'L = ((6.4e13 / N)^(0.076/0.103) + 1.8e13 / D)^0.103',
  kaplanLimits: 'fitted on 768 to 1.5 billion parameters without embeddings, WebText2',
  hoffmann: 'Hoffmann and others 2022',
  hoffmannRule: 'L = 1.69 + 406.4 / N^0.34 + 410.7 / D^0.28',
  hoffmannLimits: 'fitted on 70 million to 16 billion parameters, MassiveText',
  best: 'Best split of this compute',
  bestOf: (parameters: string, tokens: string, loss: string) => `N = ${parameters}, D = ${tokens}: L = ${loss}`,
  bestLimits: 'by the formula of Hoffmann and others; their two other methods give about 20 tokens per parameter',
  lawsLimits:
    'The two losses are of different texts and tokens: compare one law with itself. Beyond the sizes named they are extrapolations.',
};
