/** GlobalMaxPool1D: the largest value of every feature (PyTorch's amax over time). */
import { sampleSize } from '../graph/shape.ts';
import { defineLayer } from './defineLayer.ts';
import { onlyShape, onlyValue, requireSequence } from './helpers.ts';
import { channelCount } from './places.ts';
import { globalShape } from './pooling.ts';

export const globalMaxPool1d = defineLayer({
  type: 'globalMaxPool1d',
  version: 1,
  title: 'GlobalMaxPool1D',
  family: 'pooling',
  keywords: ['pooling', 'maximum', 'adaptive', 'sequence', 'time'],
  doc: {
    summary:
      'One number per feature: its largest value over the whole sequence. It says whether a pattern stood anywhere, not where. Equal largest values share the gradient.',
    source: 'Collobert and others 2011, Natural language processing (almost) from scratch; as torch.amax',
  },
  params: {},
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape: (context) => requireSequence(context) ?? globalShape(onlyShape(context.inputs)),
  weights: () => [],
  lower: ({ b, values }) => b.max(onlyValue(values), [1]),
  describe: ({ inputs }) => (inputs[0]?.length === 3 ? `${channelCount(inputs[0])} features` : 'largest value of each feature'),
  flops: ({ inputs }) => sampleSize(onlyShape(inputs)),
});
