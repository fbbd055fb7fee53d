/** Embedding: a learned row of features for every token (PyTorch's Embedding), weight (vocabulary, features). */
import { dim, formatShape } from '../graph/shape.ts';
import { defineLayer } from './defineLayer.ts';
import { groupDigits, isTokens, onlyShape, onlyValue } from './helpers.ts';
import { initialiserParam, startValues } from './initialisers.ts';

export const embedding = defineLayer({
  type: 'embedding',
  version: 1,
  title: 'Embedding',
  family: 'attention',
  keywords: ['token', 'vocabulary', 'lookup', 'word', 'character', 'text', 'transformer'],
  doc: {
    summary:
      'Looks up a row of numbers for every token. The rows are learned, so that tokens used alike get rows alike. The first layer of every network on text.',
    source: 'Bengio, Ducharme, Vincent, Jauvin 2003, A neural probabilistic language model; as torch.nn.Embedding',
  },
  params: {
    vocabulary: {
      kind: 'integer',
      label: 'Vocabulary',
      doc: 'How many different tokens there are.',
      default: 64,
      min: 1,
      max: 10_000_000,
      step: 1,
    },
    features: { kind: 'integer', label: 'Features', doc: 'Length of the row of every token.', default: 64, min: 1, max: 65_536, step: 1 },
    initialiser: initialiserParam,
  },
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  takesTokens: true,
  inferShape({ params, inputs, inputNames, name }) {
    const x = onlyShape(inputs);
    if (isTokens(x)) return [...x, dim('F', params.features)];
    return {
      code: 'shape.tokens',
      message: `${name} expects tokens (B × time, whole numbers), got ${formatShape(x)} from ${inputNames[0]}.`,
      hint: `Connect ${name} to an Input of tokens; for numbers use a Dense.`,
    };
  },
  weights: ({ params: { vocabulary, features, initialiser } }) => [
    {
      name: 'weight',
      shape: [vocabulary, features],
      initialiser: startValues(initialiser, features, vocabulary, { kind: 'normal', standardDeviation: 1 }).weight,
    },
  ],
  lower({ b, values, weights }) {
    if (weights.weight === undefined) throw new Error('Embedding was lowered without its weight.');
    return b.gather(weights.weight, onlyValue(values)); // (B, T) → (B, T, F)
  },
  describe: ({ params }) => `${groupDigits(params.vocabulary)} tokens → ${params.features}`,
  flops: () => 0,
});
