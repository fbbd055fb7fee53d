/** FeedForward: y = W₂ · activation(W₁ x + b₁) + b₂, at every step alike; as many features leave as arrive. */
import { sampleSize } from '../graph/shape.ts';
import { activationOptions, activationSuffix } from './activationMath.ts';
import { defineLayer } from './defineLayer.ts';
import { dropoutParam } from './dropping.ts';
import { feedForward as applyFeedForward, feedForwardWeights, hiddenParam, hiddenUnits } from './feedForwardMath.ts';
import { onlyShape, onlyValue, requireFeatures } from './helpers.ts';
import { initialiserParam } from './initialisers.ts';

export const feedForward = defineLayer({
  type: 'feedForward',
  version: 1,
  title: 'FeedForward',
  family: 'attention',
  keywords: ['mlp', 'position-wise', 'transformer', 'dense', 'ffn'],
  doc: {
    summary:
      'Two Dense layers with an activation in between, first to many more features and then back to as many as arrived, at every step of a sequence alike. The half of every transformer block that works on each step alone.',
    source: 'Vaswani and others 2017, Attention is all you need, section 3.3; as in torch.nn.TransformerEncoderLayer',
  },
  params: {
    hidden: hiddenParam,
    activation: { kind: 'choice', label: 'Activation', doc: 'Applied to the hidden units.', default: 'relu', options: activationOptions },
    dropout: { ...dropoutParam, doc: 'Share of the hidden units that is dropped in each training step.' },
    bias: { kind: 'boolean', label: 'Bias', doc: 'Adds one learned number to every unit of both.', default: true },
    initialiser: initialiserParam,
  },
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape: (context) => requireFeatures(context) ?? onlyShape(context.inputs),
  weights({ params, inputs }) {
    const features = onlyShape(inputs).at(-1)?.size ?? 1;
    return feedForwardWeights(features, hiddenUnits(params.hidden, features), params);
  },
  lower: ({ b, params, values, weights, mode }) => applyFeedForward(b, onlyValue(values), weights, params, mode),
  describe({ params, inputs }) {
    const features = inputs[0]?.at(-1)?.size;
    const hidden = params.hidden > 0 ? params.hidden : features === undefined || features === null ? '4 × features' : 4 * features;
    return `${hidden} hidden units${activationSuffix(params.activation)}`;
  },
  flops({ params, inputs }) {
    const x = onlyShape(inputs);
    const features = x.at(-1)?.size ?? 1;
    return 4 * sampleSize(x) * hiddenUnits(params.hidden, features);
  },
});
