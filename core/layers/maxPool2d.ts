/** MaxPool2D (PyTorch's MaxPool2d): the largest value of each window. */
import { sampleSize } from '../graph/shape.ts';
import type { Builder, Value } from '../program/builder.ts';
import { defineLayer, isShapeProblem } from './defineLayer.ts';
import { onlyValue } from './helpers.ts';
import { describePool, padImage, pooledShape, poolParams, tapsAlong } from './windows.ts';

export const maxPool2d = defineLayer({
  type: 'maxPool2d',
  version: 1,
  title: 'MaxPool2D',
  family: 'convolution',
  keywords: ['pooling', 'maximum', 'downsample', 'subsample', 'image', 'cnn'],
  doc: {
    summary:
      'Keeps the largest value of each small window and throws the rest away: the image shrinks, and it matters less where exactly a pattern stood. In training the gradient goes to the first largest value of the window.',
    source: 'Riesenhuber, Poggio 1999, Hierarchical models of object recognition in cortex; as torch.nn.MaxPool2d',
  },
  params: poolParams,
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape: (context) => pooledShape('MaxPool2D', context),
  weights: () => [],
  lower({ b, params: { kernel, stride, padding }, values }) {
    const sides = [padding, padding] as const;
    const x = padImage(b, onlyValue(values), [sides, sides], -Infinity); // (B, C, H, W)
    // Along the width, then along the height: fewer comparisons, and the first maximum of the window stays the first.
    const rows = firstMaximum(b, tapsAlong(b, x, 3, { kernel, stride }));
    return firstMaximum(b, tapsAlong(b, rows, 2, { kernel, stride }));
  },
  describe: ({ params }) => describePool(params),
  flops(context) {
    const output = pooledShape('MaxPool2D', context);
    return isShapeProblem(output) ? 0 : sampleSize(output) * (context.params.kernel ** 2 - 1);
  },
});

/**
 * The maximum of equal shapes, NaN where one is. Its gradient goes to the first of equal maxima, as PyTorch's pooling has
 * it; elementwise choices, because a reduction over two or three elements would be all overhead.
 */
function firstMaximum(b: Builder, taps: readonly Value[]): Value {
  return taps.reduce((best, next) => {
    const isNumber = b.binary('equal', best, best);
    const isLarger = b.select(b.binary('lessEqual', next, best), 0, isNumber);
    return b.select(isLarger, next, best);
  });
}
