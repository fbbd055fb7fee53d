/**
 * InstanceNorm (PyTorch's InstanceNorm1d and InstanceNorm2d, without running statistics): every channel of every sample
 * for itself, y = (x − mean) ÷ √(variance + ε) over its places, by choice · weight + bias.
 */
import { sampleSize } from '../graph/shape.ts';
import { defineLayer } from './defineLayer.ts';
import { onlyShape, onlyValue } from './helpers.ts';
import { affineParam, affineWeights, epsilonParam, scaleAndShift, standardise } from './normalisation.ts';
import { placeAxes, requirePlaces } from './places.ts';

export const instanceNorm = defineLayer({
  type: 'instanceNorm',
  version: 1,
  title: 'InstanceNorm',
  family: 'normalisation',
  keywords: ['InstanceNorm2d', 'normalise', 'normalize', 'contrast', 'style'],
  doc: {
    summary:
      'Brings every channel of every image (or every feature of every sequence) to mean 0 and variance 1 for itself: contrast and brightness no longer matter. Usual where images are drawn anew, as in style transfer.',
    source: 'Ulyanov, Vedaldi, Lempitsky 2016, Instance normalization; formula as torch.nn.InstanceNorm2d',
  },
  params: { epsilon: epsilonParam, affine: { ...affineParam, default: false } },
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape: (context) =>
    requirePlaces(context, { layer: 'layerNorm', title: 'LayerNorm', hint: 'Normalise rows of features with LayerNorm or BatchNorm.' }) ??
    onlyShape(context.inputs),
  weights: ({ params, inputs }) => affineWeights(params.affine, onlyShape(inputs)),
  lower({ b, params, inputs, values, weights }) {
    const shape = onlyShape(inputs);
    return scaleAndShift(b, standardise(b, onlyValue(values), placeAxes(shape), params.epsilon), shape, weights);
  },
  describe: ({ params }) => (params.affine ? 'each channel · scale, shift' : 'each channel'),
  flops: ({ inputs }) => 8 * sampleSize(onlyShape(inputs)),
});
