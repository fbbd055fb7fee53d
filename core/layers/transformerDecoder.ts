/** TransformerDecoder: one block of PyTorch's TransformerDecoderLayer, self-attention, attention to a memory, a feed-forward part. */
import type { Value } from '../program/builder.ts';
import { attentionFlops, crossAttention, crossAttentionWeights, selfAttention, selfAttentionWeights } from './attention.ts';
import { defineLayer } from './defineLayer.ts';
import { headProblem } from './heads.ts';
import { onlyShape, requireSequence, requireSequenceAt } from './helpers.ts';
import { paddedSteps, paddingProblem } from './padding.ts';
import { blockParams, commonFlops, commonWeights, describeBlock, partOf, runBlock, weightsOf } from './transformer.ts';

export const transformerDecoder = defineLayer({
  type: 'transformerDecoder',
  version: 1,
  title: 'TransformerDecoder',
  family: 'attention',
  keywords: [
    'transformer',
    'block',
    'decoder',
    'memory',
    'cross-attention',
    'seq2seq',
    'translation',
    'multi-head',
    'pre-norm',
    'post-norm',
  ],
  doc: {
    summary:
      'One block of a decoder: every step of the first input looks at those before it, then at all steps of the second input, the memory that an encoder made, and a feed-forward layer works on each step alone; around all three a residual connection with dropout and a layer norm. A third input, if connected, are the tokens of the memory: steps that hold the padding token are not looked at.',
    source:
      'Vaswani and others 2017, Attention is all you need; pre-norm: Xiong and others 2020, On layer normalization in the transformer architecture; formula as torch.nn.TransformerDecoderLayer',
  },
  params: { ...blockParams, causal: { ...blockParams.causal, default: true } },
  inputCount: { min: 2, max: 3 },
  hasOutput: true,
  takesTokens: [2],
  inferShape(context) {
    const problem = requireSequence(context) ?? requireSequenceAt(context, 1) ?? headProblem(context);
    return problem ?? paddingProblem(context, 2, context.inputs[1] ?? []) ?? onlyShape(context.inputs);
  },
  weights({ params, inputs }) {
    const [features = 1, memoryFeatures = 1] = inputs.map((shape) => shape[2]?.size ?? 1);
    return [
      ...partOf('attention', selfAttentionWeights(params, features, params)),
      ...partOf('memoryAttention', crossAttentionWeights(params, features, memoryFeatures, params)),
      ...commonWeights(features, 3, params),
    ];
  },
  lower({ b, params, values: [x, memory, tokens], weights, mode }) {
    if (x === undefined || memory === undefined) throw new Error('TransformerDecoder was lowered without its inputs.');
    const padded = tokens && paddedSteps(b, tokens, params.paddingToken);
    const [own, other] = [weightsOf('attention', weights), weightsOf('memoryAttention', weights)];
    const attend = (value: Value) => selfAttention(b, value, params, { weights: own, padded: undefined, mode });
    const look = (value: Value) => crossAttention(b, value, memory, { ...params, causal: false }, { weights: other, padded, mode });
    return runBlock(b, x, [attend, look], weights, params, mode);
  },
  describe: ({ params, inputs }) => describeBlock(params, inputs.length > 2),
  flops({ params, inputs }) {
    const [, steps = 1, features = 1] = onlyShape(inputs).map((d) => d.size ?? 1);
    const [, memorySteps = 1, memoryFeatures = 1] = (inputs[1] ?? []).map((d) => d.size ?? 1);
    const own = attentionFlops(params, { steps, features, memorySteps: steps, memoryFeatures: features });
    const other = attentionFlops(params, { steps, features, memorySteps, memoryFeatures });
    return own + other + commonFlops(steps, features, 3, params.hidden);
  },
});
