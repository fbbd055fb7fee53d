/** AdaptiveAvgPool1D (PyTorch's AdaptiveAvgPool1d): means of as many stretches as wanted, of nearly equal size. */
import { sampleSize } from '../graph/shape.ts';
import { defineLayer } from './defineLayer.ts';
import { onlyShape, onlyValue, requireSequence } from './helpers.ts';
import { channelCount, placeAxes, withPlaces } from './places.ts';
import { adaptiveMean } from './pooling.ts';
import { formatSizes, perAxis } from './sizes.ts';

export const adaptiveAvgPool1d = defineLayer({
  type: 'adaptiveAvgPool1d',
  version: 1,
  title: 'AdaptiveAvgPool1D',
  family: 'pooling',
  keywords: ['pooling', 'average', 'mean', 'resize', 'sequence', 'time'],
  doc: {
    summary: 'Brings a sequence of any length to the wanted one: every step of the result is the mean of its share of the sequence.',
    source: 'He, Zhang, Ren, Sun 2014, Spatial pyramid pooling in deep convolutional networks; as torch.nn.AdaptiveAvgPool1d',
  },
  params: {
    size: {
      kind: 'sizes',
      axes: ['steps'],
      label: 'Size',
      doc: 'Number of steps of the result.',
      default: 8,
      min: 1,
      max: 1024,
      unit: 'steps',
    },
  },
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape(context) {
    const x = onlyShape(context.inputs);
    return requireSequence(context) ?? withPlaces(x, channelCount(x), perAxis(context.params.size, 1));
  },
  weights: () => [],
  lower: ({ b, params, inputs, values }) =>
    placeAxes(onlyShape(inputs)).reduce((x, axis, i) => adaptiveMean(b, x, axis, perAxis(params.size, 1)[i] ?? 1), onlyValue(values)),
  describe: ({ params }) => `to ${formatSizes(params.size, 1)}`,
  flops: ({ inputs }) => sampleSize(onlyShape(inputs)),
});
