/** AvgPool1D (PyTorch's AvgPool1d): the mean of each window. */
import { defineLayer, isShapeProblem } from './defineLayer.ts';
import { onlyShape, onlyValue, requireSequence } from './helpers.ts';
import { countIncludePadParam, describePool, sequencePoolParams, pooledShape, poolFlops, poolTaps, windowCounts } from './pooling.ts';

export const avgPool1d = defineLayer({
  type: 'avgPool1d',
  version: 1,
  title: 'AvgPool1D',
  family: 'pooling',
  keywords: ['pooling', 'average', 'mean', 'downsample', 'subsample', 'sequence', 'time series'],
  doc: {
    summary: 'Replaces each short stretch of time by its mean, feature by feature: the sequence gets shorter and smoother.',
    source: 'LeCun, Bottou, Bengio, Haffner 1998, Gradient-based learning applied to document recognition; as torch.nn.AvgPool1d',
  },
  params: { ...sequencePoolParams, countIncludePad: countIncludePadParam },
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape: (context) => requireSequence(context) ?? pooledShape('AvgPool1D', context),
  weights: () => [],
  lower({ b, params, inputs, values }) {
    const shape = onlyShape(inputs);
    const sums = poolTaps(b, onlyValue(values), shape, params, 0, (taps) => taps.reduce((sum, tap) => b.add(sum, tap)));
    return b.divide(sums, windowCounts(b, shape, params, params.countIncludePad));
  },
  describe: ({ params }) => describePool(params, 1),
  flops(context) {
    const output = pooledShape('AvgPool1D', context);
    return isShapeProblem(output) ? 0 : poolFlops(onlyShape(context.inputs), output, context.params.kernel);
  },
});
