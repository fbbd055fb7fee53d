/** MaxPool2D (PyTorch's MaxPool2d): the largest value of each window. */
import { defineLayer, isShapeProblem } from './defineLayer.ts';
import { onlyShape, onlyValue, requireImage } from './helpers.ts';
import { describePool, firstMaximum, imagePoolParams, pooledShape, poolFlops, poolTaps } from './pooling.ts';

export const maxPool2d = defineLayer({
  type: 'maxPool2d',
  version: 1,
  title: 'MaxPool2D',
  family: 'pooling',
  keywords: ['pooling', 'maximum', 'downsample', 'subsample', 'image', 'cnn'],
  doc: {
    summary:
      'Keeps the largest value of each small window and throws the rest away: the image shrinks, and it matters less where exactly a pattern stood. In training the gradient goes to the first largest value of the window.',
    source: 'Riesenhuber, Poggio 1999, Hierarchical models of object recognition in cortex; as torch.nn.MaxPool2d',
  },
  params: imagePoolParams,
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape: (context) => requireImage(context) ?? pooledShape('MaxPool2D', context),
  weights: () => [],
  lower: ({ b, params, inputs, values }) =>
    poolTaps(b, onlyValue(values), onlyShape(inputs), params, -Infinity, (taps) => firstMaximum(b, taps)),
  describe: ({ params }) => describePool(params, 2),
  flops(context) {
    const output = pooledShape('MaxPool2D', context);
    return isShapeProblem(output) ? 0 : poolFlops(onlyShape(context.inputs), output, context.params.kernel);
  },
});
