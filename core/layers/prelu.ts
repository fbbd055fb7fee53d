/** PReLU (PyTorch's PReLU): x for x > 0, else slope · x, the slope learned. */
import { sampleSize } from '../graph/shape.ts';
import { defineLayer } from './defineLayer.ts';
import { onlyShape, onlyValue } from './helpers.ts';
import { channelCount, perChannel } from './places.ts';

export const prelu = defineLayer({
  type: 'prelu',
  version: 1,
  title: 'PReLU',
  family: 'activation',
  keywords: ['activation', 'nonlinearity', 'parametric', 'slope', 'learned'],
  doc: {
    summary: 'Like LeakyReLU, but the slope for negative values is learned: one for the whole layer, or one for every channel.',
    source: 'He, Zhang, Ren, Sun 2015, Delving deep into rectifiers; as torch.nn.PReLU',
  },
  params: {
    start: {
      kind: 'number',
      label: 'First slope',
      doc: 'Slope for negative values when training begins.',
      default: 0.25,
      min: -10,
      max: 10,
      step: 0.05,
    },
    perChannel: { kind: 'boolean', label: 'Per channel', doc: 'A slope for every channel or feature, instead of one.', default: false },
  },
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape: ({ inputs }) => onlyShape(inputs),
  weights: ({ params, inputs }) => [
    {
      name: 'weight',
      shape: [params.perChannel ? channelCount(onlyShape(inputs)) : 1],
      initialiser: { kind: 'constant', value: params.start },
    },
  ],
  lower({ b, inputs, values, weights }) {
    const x = onlyValue(values);
    if (weights.weight === undefined) throw new Error('PReLU was lowered without its weight.');
    return b.select(b.binary('lessEqual', x, 0), b.multiply(x, perChannel(b, weights.weight, onlyShape(inputs))), x);
  },
  describe: ({ params }) => (params.perChannel ? 'learned slopes' : 'learned slope'),
  flops: ({ inputs }) => sampleSize(onlyShape(inputs)),
});
