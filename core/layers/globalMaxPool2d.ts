/** GlobalMaxPool2D: the largest value of every channel (PyTorch's amax over height and width). */
import { sampleSize } from '../graph/shape.ts';
import { defineLayer } from './defineLayer.ts';
import { onlyShape, onlyValue, requireImage } from './helpers.ts';
import { channelCount } from './places.ts';
import { globalShape } from './pooling.ts';

export const globalMaxPool2d = defineLayer({
  type: 'globalMaxPool2d',
  version: 1,
  title: 'GlobalMaxPool2D',
  family: 'pooling',
  keywords: ['pooling', 'maximum', 'adaptive', 'image', 'cnn'],
  doc: {
    summary:
      'One number per channel: its largest value over the whole image. It says whether a pattern stood anywhere, not where. Equal largest values share the gradient.',
    source: 'Oquab, Bottou, Laptev, Sivic 2015, Is object localization for free?; as torch.amax',
  },
  params: {},
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape: (context) => requireImage(context) ?? globalShape(onlyShape(context.inputs)),
  weights: () => [],
  lower: ({ b, values }) => b.max(onlyValue(values), [2, 3]),
  describe: ({ inputs }) => (inputs[0]?.length === 4 ? `${channelCount(inputs[0])} channels` : 'largest value of each channel'),
  flops: ({ inputs }) => sampleSize(onlyShape(inputs)),
});
