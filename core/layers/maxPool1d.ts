/** MaxPool1D (PyTorch's MaxPool1d): the largest value of each window. */
import { defineLayer, isShapeProblem } from './defineLayer.ts';
import { onlyShape, onlyValue, requireSequence } from './helpers.ts';
import { describePool, firstMaximum, sequencePoolParams, pooledShape, poolFlops, poolTaps } from './pooling.ts';

export const maxPool1d = defineLayer({
  type: 'maxPool1d',
  version: 1,
  title: 'MaxPool1D',
  family: 'pooling',
  keywords: ['pooling', 'maximum', 'downsample', 'subsample', 'sequence', 'time series'],
  doc: {
    summary:
      'Keeps the largest value of each short stretch of time, feature by feature: the sequence gets shorter, and it matters less when exactly a pattern came. In training the gradient goes to the first largest value.',
    source: 'Riesenhuber, Poggio 1999, Hierarchical models of object recognition in cortex; as torch.nn.MaxPool1d',
  },
  params: sequencePoolParams,
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape: (context) => requireSequence(context) ?? pooledShape('MaxPool1D', context),
  weights: () => [],
  lower: ({ b, params, inputs, values }) =>
    poolTaps(b, onlyValue(values), onlyShape(inputs), params, -Infinity, (taps) => firstMaximum(b, taps)),
  describe: ({ params }) => describePool(params, 1),
  flops(context) {
    const output = pooledShape('MaxPool1D', context);
    return isShapeProblem(output) ? 0 : poolFlops(onlyShape(context.inputs), output, context.params.kernel);
  },
});
