/** GaussianNoise: in training a normal random number is added to every value. */
import { sampleSize } from '../graph/shape.ts';
import { defineLayer } from './defineLayer.ts';
import { onlyShape, onlyValue } from './helpers.ts';

export const gaussianNoise = defineLayer({
  type: 'gaussianNoise',
  version: 1,
  title: 'GaussianNoise',
  family: 'regularisation',
  keywords: ['normal', 'random', 'jitter', 'augmentation', 'regularisation', 'overfitting', 'denoising'],
  doc: {
    summary:
      'While training, adds a fresh normal random number to every value, so that small differences can no longer be learned by heart; behind the Input it is the simplest augmentation. When evaluating, it does nothing.',
    source: 'Bishop 1995, Training with noise is equivalent to Tikhonov regularization',
  },
  params: {
    deviation: {
      kind: 'number',
      label: 'Deviation',
      doc: 'Standard deviation of the noise, in the units of the values.',
      default: 0.1,
      min: 0,
      max: 1000,
      step: 0.05,
    },
  },
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape: ({ inputs }) => onlyShape(inputs),
  weights: () => [],
  lower({ b, params: { deviation }, values, mode }) {
    const x = onlyValue(values);
    return mode === 'evaluate' || deviation === 0 ? x : b.add(x, b.multiply(b.random('normal', x.shape), deviation));
  },
  describe: ({ params }) => `± ${params.deviation}`,
  flops: ({ inputs }) => 2 * sampleSize(onlyShape(inputs)),
});
