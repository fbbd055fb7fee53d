/** AvgPool2D (PyTorch's AvgPool2d): the mean of each window. */
import { sampleSize } from '../graph/shape.ts';
import type { Value } from '../program/builder.ts';
import { defineLayer, isShapeProblem } from './defineLayer.ts';
import { onlyValue } from './helpers.ts';
import { describePool, padImage, pooledShape, poolParams, tapsAlong } from './windows.ts';

export const avgPool2d = defineLayer({
  type: 'avgPool2d',
  version: 1,
  title: 'AvgPool2D',
  family: 'convolution',
  keywords: ['pooling', 'average', 'mean', 'downsample', 'subsample', 'image', 'cnn'],
  doc: {
    summary: 'Replaces each small window by its mean: the image shrinks and gets smoother. Padding counts as zeros.',
    source: 'LeCun, Bottou, Bengio, Haffner 1998, Gradient-based learning applied to document recognition; as torch.nn.AvgPool2d',
  },
  params: poolParams,
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape: (context) => pooledShape('AvgPool2D', context),
  weights: () => [],
  lower({ b, params: { kernel, stride, padding }, values }) {
    const sides = [padding, padding] as const;
    const x = padImage(b, onlyValue(values), [sides, sides]); // (B, C, H, W)
    const sumAlong = (image: Value, axis: number) => tapsAlong(b, image, axis, { kernel, stride }).reduce((sum, tap) => b.add(sum, tap));
    return b.divide(sumAlong(sumAlong(x, 3), 2), kernel ** 2);
  },
  describe: ({ params }) => describePool(params),
  flops(context) {
    const output = pooledShape('AvgPool2D', context);
    return isShapeProblem(output) ? 0 : sampleSize(output) * context.params.kernel ** 2;
  },
});
