/** GlobalAvgPool2D: the mean of every channel (PyTorch's AdaptiveAvgPool2d(1) and a Flatten). */
import { batchDim, dim, sampleSize } from '../graph/shape.ts';
import { defineLayer } from './defineLayer.ts';
import { onlyShape, onlyValue, requireImage } from './helpers.ts';
import { imageSize } from './windows.ts';

export const globalAvgPool2d = defineLayer({
  type: 'globalAvgPool2d',
  version: 1,
  title: 'GlobalAvgPool2D',
  family: 'convolution',
  keywords: ['pooling', 'average', 'mean', 'adaptive', 'image', 'cnn'],
  doc: {
    summary:
      'One number per channel: its mean over the whole image. Replaces Flatten and large Dense layers at the end of a convolutional network.',
    source: 'Lin, Chen, Yan 2014, Network in network; as torch.nn.AdaptiveAvgPool2d(1)',
  },
  params: {},
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape: (context) => requireImage(context) ?? [batchDim, dim('F', imageSize(onlyShape(context.inputs)).channels)],
  weights: () => [],
  lower: ({ b, values }) => b.mean(onlyValue(values), [2, 3]),
  describe: ({ inputs }) => {
    const shape = inputs[0];
    return shape?.length === 4 ? `${imageSize(shape).channels} channels` : 'mean of each channel';
  },
  flops: ({ inputs }) => sampleSize(onlyShape(inputs)),
});
