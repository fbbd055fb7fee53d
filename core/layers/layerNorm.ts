/** LayerNorm (PyTorch's LayerNorm over the last axis): y = (x − mean) ÷ √(variance + ε) · weight + bias. */
import { sampleSize } from '../graph/shape.ts';
import { defineLayer, type WeightSpec } from './defineLayer.ts';
import { onlyShape, onlyValue, requireFeatures } from './helpers.ts';
import { epsilonParam, normaliseFeatures } from './normalisation.ts';

export const layerNorm = defineLayer({
  type: 'layerNorm',
  version: 1,
  title: 'LayerNorm',
  family: 'normalisation',
  keywords: ['normalise', 'normalize', 'standardise', 'transformer'],
  doc: {
    summary:
      'Brings the features of every sample (or every time step) to mean 0 and variance 1, then lets each feature choose its own scale and shift. Keeps deep networks and transformers trainable; it does not look at the rest of the batch.',
    source: 'Ba, Kiros, Hinton 2016, Layer normalization; formula as torch.nn.LayerNorm',
  },
  params: {
    epsilon: epsilonParam,
    affine: { kind: 'boolean', label: 'Scale and shift', doc: 'Learns a weight and a bias for every feature.', default: true },
  },
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape: (context) => requireFeatures(context) ?? onlyShape(context.inputs),
  weights({ params, inputs }) {
    const shape = [onlyShape(inputs).at(-1)?.size ?? 1];
    const specs: WeightSpec[] = [
      { name: 'weight', shape, initialiser: { kind: 'ones' } },
      { name: 'bias', shape, initialiser: { kind: 'zeros' } },
    ];
    return params.affine ? specs : [];
  },
  lower: ({ b, params, values, weights: { weight, bias } }) => normaliseFeatures(b, onlyValue(values), weight, bias, params.epsilon),
  describe: ({ params }) => (params.affine ? 'mean 0, variance 1 · scale, shift' : 'mean 0, variance 1'),
  flops: ({ inputs }) => 8 * sampleSize(onlyShape(inputs)),
});
