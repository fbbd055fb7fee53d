/** Every word of the learning-rate finder. */

export const rateWords = {
  title: 'Learning-rate finder',
  find: 'Find a rate',
  why: 'Trains a few steps from the start weights with growing learning rates, and throws the result away.',
  again: 'Find again',
  cancel: 'Cancel',
  close: 'Close the learning-rate finder',
  finding: 'Trying learning rates',
  use: (rate: string) => `Use ${rate}`,
  inUse: (rate: string) => `${rate} is in use.`,
  suggestion: 'Here the loss falls fastest.',
  axis: 'learning rate',
  none: 'The loss never fell: no rate is better than another here.',
  cancelled: 'Cancelled; nothing was changed.',
  stale: 'Found before the last change.',
  under: (rate: string, loss: string) => `rate ${rate}, loss ${loss}`,
  chart: (rate: string | undefined) =>
    `Loss over learning rate on a logarithmic axis${rate === undefined ? '' : `, falling fastest at ${rate}`}`,
  notTrainable: 'The network cannot be trained yet.',
  busy: (run: string) => `${run} is training: a search beside it would disturb both.`,
  measuring: 'Another measurement is running.',
};
