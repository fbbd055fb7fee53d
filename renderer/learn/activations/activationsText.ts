/** The words of the bench on activations. */
const samplesOf = (count: number): string => (count === 1 ? '1 sample' : `${count} samples`);

export const activationsText = {
  activation: 'Activation',
  plot: 'The activation f and its derivative: left and right move along it',
  at: 'x',
  value: 'f(x)',
  slope: 'f′(x)',
  network: 'In your network',
  networkHint: 'Open a network with a data set to see what really arrives at its activations.',
  layer: 'Layer',
  layerName: (name: string, activation: string) => `${name} · ${activation}`,
  opening: 'Computing the first sample …',
  counted: (samples: number) => `Over ${samplesOf(samples)}`,
  counting: (samples: number) => `computing ${samplesOf(samples)} …`,
  enough: 'Enough',
  left: (more: number, time: string) => `; ${more} would take about ${time} in a network of this size`,
  histogram: (layer: string, samples: number) => `What arrives at ${layer}’s activation, over ${samplesOf(samples)}`,
  flat: (share: string, name: string) =>
    `${share} of it lies where ${name} is as good as flat (|f′| < 0.01): nothing is learned through it.`,
  none: 'This network has no layer with an activation of its own that acts on every number by itself.',
  norms: 'Gradient by layer',
  swap: 'Swap',
  scopes: { one: 'this layer only', all: 'all layers' },
  normsHint: (samples: number) =>
    `Size of the loss’s gradient by each layer’s output over the same ${samplesOf(samples)}, same start weights.`,
  withOne: (own: string, layer: string) => `On the right ${own} stands in ${layer} alone.`,
  withAll: (own: string) => `On the right ${own} stands in every layer that has an activation and offers it.`,
  same: 'Nothing changes: it is the same activation.',
  notOffered: (layer: string, own: string) => `${layer} does not offer ${own}; nothing changes.`,
  block: 'The layer stands in a block: it changes wherever the block is used.',
  before: 'as it is',
  after: 'swapped',
  swapping: 'swapped: computing …',
  from: (before: string, after: string) => `${before} → ${after}`,
};
