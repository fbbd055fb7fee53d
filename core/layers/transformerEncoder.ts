/** TransformerEncoder: one block of PyTorch's TransformerEncoderLayer, self-attention and a feed-forward part. */
import type { Value } from '../program/builder.ts';
import { attentionFlops, selfAttention, selfAttentionWeights } from './attention.ts';
import { defineLayer } from './defineLayer.ts';
import { headProblem } from './heads.ts';
import { onlyShape, onlyValue, requireSequence } from './helpers.ts';
import { paddedSteps, paddingProblem } from './padding.ts';
import { blockParams, commonFlops, commonWeights, describeBlock, partOf, runBlock, weightsOf } from './transformer.ts';

export const transformerEncoder = defineLayer({
  type: 'transformerEncoder',
  version: 1,
  title: 'TransformerEncoder',
  family: 'attention',
  keywords: ['transformer', 'block', 'encoder', 'bert', 'gpt', 'vit', 'self-attention', 'multi-head', 'pre-norm', 'post-norm'],
  doc: {
    summary:
      'One transformer block: every step looks at the others (self-attention), then a feed-forward layer works on each step alone; around both a residual connection with dropout and a layer norm. Stack several, with a positional encoding before the first; causal they make a GPT. A second input, if connected, are the tokens of the sequence: steps that hold the padding token are not looked at.',
    source:
      'Vaswani and others 2017, Attention is all you need; pre-norm: Xiong and others 2020, On layer normalization in the transformer architecture; formula as torch.nn.TransformerEncoderLayer',
  },
  params: blockParams,
  inputCount: { min: 1, max: 2 },
  hasOutput: true,
  takesTokens: [1],
  inferShape(context) {
    const problem = requireSequence(context) ?? headProblem(context);
    return problem ?? paddingProblem(context, 1, onlyShape(context.inputs)) ?? onlyShape(context.inputs);
  },
  weights({ params, inputs }) {
    const features = onlyShape(inputs)[2]?.size ?? 1;
    return [...partOf('attention', selfAttentionWeights(params, features, params)), ...commonWeights(features, 2, params)];
  },
  lower({ b, params, values, weights, mode }) {
    const padded = values[1] && paddedSteps(b, values[1], params.paddingToken);
    const own = weightsOf('attention', weights);
    const attend = (x: Value) => selfAttention(b, x, params, { weights: own, padded, mode });
    return runBlock(b, onlyValue(values), [attend], weights, params, mode);
  },
  describe: ({ params, inputs }) => describeBlock(params, inputs.length > 1),
  flops({ params, inputs }) {
    const [, steps = 1, features = 1] = onlyShape(inputs).map((d) => d.size ?? 1);
    const sizes = { steps, features, memorySteps: steps, memoryFeatures: features };
    return attentionFlops(params, sizes) + commonFlops(steps, features, 2, params.hidden);
  },
});
