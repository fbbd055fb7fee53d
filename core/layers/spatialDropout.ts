/** SpatialDropout (PyTorch's Dropout1d and Dropout2d): in training whole channels are set to 0, the rest grow by 1/(1 − p). */
import { defineLayer } from './defineLayer.ts';
import { onlyShape, onlyValue } from './helpers.ts';
import { placeAxes, requirePlaces } from './places.ts';

export const spatialDropout = defineLayer({
  type: 'spatialDropout',
  version: 1,
  title: 'SpatialDropout',
  family: 'regularisation',
  keywords: ['Dropout2d', 'channels', 'regularisation', 'overfitting', 'noise', 'cnn'],
  doc: {
    summary:
      'While training, whole channels of an image (or features of a sequence, at all steps) are dropped with the given probability. Neighbouring pixels are alike, so that plain Dropout would hide little; when evaluating, it does nothing.',
    source:
      'Tompson, Goroshin, Jain, LeCun, Bregler 2015, Efficient object localization using convolutional networks; as torch.nn.Dropout2d',
  },
  params: {
    probability: {
      kind: 'number',
      label: 'Probability',
      doc: 'Share of the channels that is dropped in each training step.',
      default: 0.5,
      min: 0,
      max: 0.99,
      step: 0.05,
    },
  },
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape: (context) =>
    requirePlaces(context, { layer: 'dropout', title: 'Dropout', hint: 'Drop single features with Dropout.' }) ?? onlyShape(context.inputs),
  weights: () => [],
  lower({ b, params: { probability }, inputs, values, mode }) {
    const x = onlyValue(values);
    if (mode === 'evaluate' || probability === 0) return x;
    const places = new Set(placeAxes(onlyShape(inputs)));
    const draws = b.random(
      'uniform',
      x.shape.map((size, axis) => (places.has(axis) ? 1 : size)),
    );
    return b.multiply(x, b.multiply(b.binary('lessEqual', probability, draws), 1 / (1 - probability)));
  },
  describe: ({ params }) => `drops ${+(params.probability * 100).toFixed(1)} % of the channels`,
});
