/** PositionalEmbedding: adds a learned row of features to every time step, weight (T, features). */
import { sampleSize } from '../graph/shape.ts';
import { defineLayer } from './defineLayer.ts';
import { onlyShape, onlyValue, requireSequence } from './helpers.ts';
import { initialiserParam, startValues } from './initialisers.ts';

export const positionalEmbedding = defineLayer({
  type: 'positionalEmbedding',
  version: 1,
  title: 'PositionalEmbedding',
  family: 'attention',
  keywords: ['position', 'encoding', 'learned', 'transformer', 'gpt', 'order'],
  doc: {
    summary:
      'Adds to every time step a row of its own, learned like a weight. Attention alone does not know the order of a sequence; from these rows it can tell first from last.',
    source: 'Gehring, Auli, Grangier, Yarats, Dauphin 2017, Convolutional sequence to sequence learning; Radford and others 2018 (GPT)',
  },
  params: {
    initialiser: initialiserParam,
  },
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape: (context) => requireSequence(context) ?? onlyShape(context.inputs),
  weights({ params, inputs }) {
    const shape = onlyShape(inputs)
      .slice(1)
      .map((d) => d.size ?? 1);
    const [positions = 1, features = 1] = shape;
    const { weight } = startValues(params.initialiser, features, positions, { kind: 'normal', standardDeviation: 1 });
    return [{ name: 'weight', shape, initialiser: weight }];
  },
  lower({ b, values, weights }) {
    if (weights.weight === undefined) throw new Error('PositionalEmbedding was lowered without its weight.');
    return b.add(onlyValue(values), weights.weight);
  },
  describe: ({ inputs }) => (inputs[0] === undefined ? 'learned' : `learned · ${inputs[0][1]?.size ?? 1} positions`),
  flops: ({ inputs }) => sampleSize(onlyShape(inputs)),
});
