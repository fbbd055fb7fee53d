/** GlobalAvgPool2D: the mean of every channel (PyTorch's AdaptiveAvgPool2d(1) and a Flatten). */
import { sampleSize } from '../graph/shape.ts';
import { defineLayer } from './defineLayer.ts';
import { onlyShape, onlyValue, requireImage } from './helpers.ts';
import { channelCount } from './places.ts';
import { globalShape } from './pooling.ts';

export const globalAvgPool2d = defineLayer({
  type: 'globalAvgPool2d',
  version: 1,
  title: 'GlobalAvgPool2D',
  family: 'pooling',
  keywords: ['pooling', 'average', 'mean', 'adaptive', 'image', 'cnn'],
  doc: {
    summary:
      'One number per channel: its mean over the whole image. Replaces Flatten and large Dense layers at the end of a convolutional network.',
    source: 'Lin, Chen, Yan 2014, Network in network; as torch.nn.AdaptiveAvgPool2d(1)',
  },
  params: {},
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape: (context) => requireImage(context) ?? globalShape(onlyShape(context.inputs)),
  weights: () => [],
  lower: ({ b, values }) => b.mean(onlyValue(values), [2, 3]),
  describe: ({ inputs }) => (inputs[0]?.length === 4 ? `${channelCount(inputs[0])} channels` : 'mean of each channel'),
  flops: ({ inputs }) => sampleSize(onlyShape(inputs)),
});
