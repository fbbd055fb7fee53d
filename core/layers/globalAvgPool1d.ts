/** GlobalAvgPool1D: the mean of every feature (PyTorch's AdaptiveAvgPool1d(1) and a Flatten). */
import { sampleSize } from '../graph/shape.ts';
import { defineLayer } from './defineLayer.ts';
import { onlyShape, onlyValue, requireSequence } from './helpers.ts';
import { channelCount } from './places.ts';
import { globalShape } from './pooling.ts';

export const globalAvgPool1d = defineLayer({
  type: 'globalAvgPool1d',
  version: 1,
  title: 'GlobalAvgPool1D',
  family: 'pooling',
  keywords: ['pooling', 'average', 'mean', 'adaptive', 'sequence', 'time'],
  doc: {
    summary: 'One number per feature: its mean over the whole sequence. Turns a sequence into one row of features, whatever its length.',
    source: 'Lin, Chen, Yan 2014, Network in network; as torch.nn.AdaptiveAvgPool1d(1)',
  },
  params: {},
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape: (context) => requireSequence(context) ?? globalShape(onlyShape(context.inputs)),
  weights: () => [],
  lower: ({ b, values }) => b.mean(onlyValue(values), [1]),
  describe: ({ inputs }) => (inputs[0]?.length === 3 ? `${channelCount(inputs[0])} features` : 'mean of each feature'),
  flops: ({ inputs }) => sampleSize(onlyShape(inputs)),
});
