/** AdaptiveAvgPool2D (PyTorch's AdaptiveAvgPool2d): means of as many stretches as wanted, of nearly equal size. */
import { sampleSize } from '../graph/shape.ts';
import { imageAxes } from './convolve.ts';
import { defineLayer } from './defineLayer.ts';
import { onlyShape, onlyValue, requireImage } from './helpers.ts';
import { channelCount, placeAxes, withPlaces } from './places.ts';
import { adaptiveMean } from './pooling.ts';
import { formatSizes, perAxis } from './sizes.ts';

export const adaptiveAvgPool2d = defineLayer({
  type: 'adaptiveAvgPool2d',
  version: 1,
  title: 'AdaptiveAvgPool2D',
  family: 'pooling',
  keywords: ['pooling', 'average', 'mean', 'resize', 'image', 'cnn', 'vgg', 'alexnet'],
  doc: {
    summary:
      'Brings an image of any size to the wanted one: every pixel of the result is the mean of its share of the image. So that the Dense layers behind fit whatever size arrives.',
    source: 'He, Zhang, Ren, Sun 2014, Spatial pyramid pooling in deep convolutional networks; as torch.nn.AdaptiveAvgPool2d',
  },
  params: {
    size: {
      kind: 'sizes',
      axes: imageAxes,
      label: 'Size',
      doc: 'Height and width of the result.',
      default: 7,
      min: 1,
      max: 1024,
      unit: 'px',
    },
  },
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape(context) {
    const x = onlyShape(context.inputs);
    return requireImage(context) ?? withPlaces(x, channelCount(x), perAxis(context.params.size, 2));
  },
  weights: () => [],
  lower: ({ b, params, inputs, values }) =>
    placeAxes(onlyShape(inputs)).reduce((x, axis, i) => adaptiveMean(b, x, axis, perAxis(params.size, 2)[i] ?? 1), onlyValue(values)),
  describe: ({ params }) => `to ${formatSizes(params.size, 2)}`,
  flops: ({ inputs }) => sampleSize(onlyShape(inputs)),
});
