/** Flatten: one row of features per sample, in row-major order. */
import { batchDim, dim, sampleSize } from '../graph/shape.ts';
import { defineLayer } from './defineLayer.ts';
import { onlyValue } from './helpers.ts';

export const flatten = defineLayer({
  type: 'flatten',
  version: 1,
  title: 'Flatten',
  family: 'structure',
  keywords: ['reshape', 'vector', 'image'],
  doc: {
    summary:
      'Lays all values of a sample side by side in one row, so that an image of 1 × 28 × 28 becomes 784 features for a Dense layer. Nothing is computed or lost.',
    source: 'PyTorch torch.nn.Flatten',
  },
  params: {},
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape: ({ inputs }) => [batchDim, dim('F', sampleSize(inputs[0] ?? []))],
  weights: () => [],
  lower({ b, values }) {
    const x = onlyValue(values);
    const batch = x.shape[0] ?? 1;
    return b.reshape(x, [batch, x.shape.slice(1).reduce((product, size) => product * size, 1)]);
  },
  describe: ({ inputs }) => (inputs[0] === undefined ? '' : `${sampleSize(inputs[0])} features`),
  flops: () => 0,
});
