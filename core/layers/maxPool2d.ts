/** MaxPool2D (PyTorch's MaxPool2d): the largest value of each window. */
import { sampleSize } from '../graph/shape.ts';
import type { Builder, Value } from '../program/builder.ts';
import { defineLayer, isShapeProblem } from './defineLayer.ts';
import { onlyValue } from './helpers.ts';
import { describePool, padImage, pooledShape, poolParams } from './windows.ts';

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
  lower({ b, params: { kernel, stride, padding }, values, mode }) {
    const sides = [padding, padding] as const;
    const x = padImage(b, onlyValue(values), [sides, sides], -Infinity); // (B, C, H, W)
    // Along the width, then along the height: fewer comparisons, and the first maximum of the window stays the first.
    const pick = (windows: Value, axis: number) => (mode === 'train' ? firstMaximum(b, windows, axis) : b.max(windows, [axis]));
    const rows = pick(b.window(x, 3, kernel, { stride }), 4);
    return pick(b.window(rows, 2, kernel, { stride }), 3);
  },
  describe: ({ params }) => describePool(params),
  flops(context) {
    const output = pooledShape('MaxPool2D', context);
    return isShapeProblem(output) ? 0 : sampleSize(output) * (context.params.kernel ** 2 - 1);
  },
});

/** The maximum along one axis; its gradient goes to the first of equal maxima, as PyTorch's pooling does. */
function firstMaximum(b: Builder, windows: Value, axis: number): Value {
  const kept = windows.shape.with(axis, 1);
  const first = b.reshape(b.argmax(windows, axis), kept);
  const isFirst = b.binary('equal', b.iota(windows.shape, axis), first);
  return b.sum(b.select(isFirst, windows, 0), [axis]);
}
