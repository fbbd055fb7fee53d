/** RMSNorm (PyTorch's RMSNorm over the last axis): y = x ÷ √(mean of x² + ε) · weight. */
import { sampleSize } from '../graph/shape.ts';
import { defineLayer } from './defineLayer.ts';
import { onlyShape, onlyValue, requireFeatures } from './helpers.ts';
import { epsilonParam } from './normalisation.ts';

export const rmsNorm = defineLayer({
  type: 'rmsNorm',
  version: 1,
  title: 'RMSNorm',
  family: 'normalisation',
  keywords: ['normalise', 'normalize', 'root mean square', 'transformer', 'llama'],
  doc: {
    summary:
      'Divides the features of every sample (or every time step) by their root mean square, then lets each feature choose its own scale. Like LayerNorm without subtracting the mean: cheaper and as good in transformers such as Llama.',
    source: 'Zhang, Sennrich 2019, Root mean square layer normalization; formula as torch.nn.RMSNorm',
  },
  params: {
    // PyTorch's default is the distance from 1 to the next 32-bit number.
    epsilon: { ...epsilonParam, doc: 'Added to the mean square, so that zeros divide by no 0; Llama uses 0.00001.', default: 2 ** -23 },
    affine: { kind: 'boolean', label: 'Scale', doc: 'Learns a weight for every feature.', default: true },
  },
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape: (context) => requireFeatures(context) ?? onlyShape(context.inputs),
  weights: ({ params, inputs }) =>
    params.affine ? [{ name: 'weight', shape: [onlyShape(inputs).at(-1)?.size ?? 1], initialiser: { kind: 'ones' } }] : [],
  lower({ b, params, values, weights }) {
    const x = onlyValue(values);
    const meanSquare = b.mean(b.unary('square', x), [-1], true);
    const normalised = b.multiply(x, b.unary('rsqrt', b.add(meanSquare, params.epsilon)));
    return weights.weight === undefined ? normalised : b.multiply(normalised, weights.weight);
  },
  describe: ({ params }) => (params.affine ? 'mean square 1 · scale' : 'mean square 1'),
  flops: ({ inputs }) => 4 * sampleSize(onlyShape(inputs)),
});
