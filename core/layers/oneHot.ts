/** OneHot: every token as a row of zeros with one 1 at its place (PyTorch's one_hot, as numbers). */
import { dim, formatShape } from '../graph/shape.ts';
import { defineLayer } from './defineLayer.ts';
import { isTokens, onlyShape, onlyValue } from './helpers.ts';

export const oneHot = defineLayer({
  type: 'oneHot',
  version: 1,
  title: 'OneHot',
  family: 'structure',
  keywords: ['cast', 'token', 'category', 'indicator', 'dummy', 'text'],
  doc: {
    summary:
      'Turns every token into a row of zeros with a single 1 at the place of its number: tokens as features without anything learned. A token outside the classes becomes a row of zeros.',
    source: 'Goodfellow, Bengio, Courville: Deep Learning, 2016, section 12.4.2; as torch.nn.functional.one_hot',
  },
  params: {
    classes: { kind: 'integer', label: 'Classes', doc: 'How many different tokens there are.', default: 64, min: 1, max: 65_536, step: 1 },
  },
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  takesTokens: true,
  inferShape({ params, inputs, inputNames, name }) {
    const x = onlyShape(inputs);
    if (isTokens(x)) return [...x, dim('F', params.classes)];
    return {
      code: 'shape.tokens',
      message: `${name} expects tokens (B × time, whole numbers), got ${formatShape(x)} from ${inputNames[0]}.`,
      hint: `Connect ${name} to an Input of tokens.`,
    };
  },
  weights: () => [],
  lower({ b, params: { classes }, values }) {
    const tokens = onlyValue(values); // (B, T) i32
    const [batch = 1, steps = 1] = tokens.shape;
    const places = b.broadcast(b.iota([classes], 0), [batch, steps, classes], [2]);
    return b.binary('equal', b.broadcast(tokens, [batch, steps, classes], [0, 1]), places);
  },
  describe: ({ params }) => `${params.classes} classes`,
  flops: () => 0,
});
