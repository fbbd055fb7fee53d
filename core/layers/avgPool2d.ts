/** AvgPool2D (PyTorch's AvgPool2d): the mean of each window. */
import { defineLayer, isShapeProblem } from './defineLayer.ts';
import { onlyShape, onlyValue, requireImage } from './helpers.ts';
import { countIncludePadParam, describePool, imagePoolParams, pooledShape, poolFlops, poolTaps, windowCounts } from './pooling.ts';

export const avgPool2d = defineLayer({
  type: 'avgPool2d',
  version: 1,
  title: 'AvgPool2D',
  family: 'pooling',
  keywords: ['pooling', 'average', 'mean', 'downsample', 'subsample', 'image', 'cnn'],
  doc: {
    summary: 'Replaces each small window by its mean: the image shrinks and gets smoother.',
    source: 'LeCun, Bottou, Bengio, Haffner 1998, Gradient-based learning applied to document recognition; as torch.nn.AvgPool2d',
  },
  params: { ...imagePoolParams, countIncludePad: countIncludePadParam },
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape: (context) => requireImage(context) ?? pooledShape('AvgPool2D', context),
  weights: () => [],
  lower({ b, params, inputs, values }) {
    const shape = onlyShape(inputs);
    const sums = poolTaps(b, onlyValue(values), shape, params, 0, (taps) => taps.reduce((sum, tap) => b.add(sum, tap)));
    return b.divide(sums, windowCounts(b, shape, params, params.countIncludePad));
  },
  describe: ({ params }) => describePool(params, 2),
  flops(context) {
    const output = pooledShape('AvgPool2D', context);
    return isShapeProblem(output) ? 0 : poolFlops(onlyShape(context.inputs), output, context.params.kernel);
  },
});
