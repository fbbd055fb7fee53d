/** The words of the bench on activations. */
export const activationsText = {
  activation: 'Activation',
  plot: 'The activation f and its derivative: left and right move along it',
  at: 'x',
  value: 'f(x)',
  slope: 'f′(x)',
  f: 'f',
  derivative: 'f′',
  network: 'In your network',
  networkHint: 'Open a network with a data set to see what really arrives at its activations.',
  layer: 'Layer',
  counting: 'Computing 32 samples …',
  histogram: (layer: string) => `What arrives at ${layer}’s activation, over 32 samples`,
  flat: (share: string, name: string) =>
    `${share} of it lies where ${name} is as good as flat (|f′| < 0.01): nothing is learned through it.`,
  none: 'This network has no layer with an activation of its own that acts on every number by itself.',
  norms: 'Gradient by layer',
  normsHint: (own: string) =>
    `Size of the loss’s gradient by each layer’s output: as it is, and with ${own} in every layer that has an activation.`,
  before: 'as it is',
  after: 'swapped',
};
