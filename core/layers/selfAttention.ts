/**
 * SelfAttention (PyTorch's MultiheadAttention with query = key = value); the formula stands in attention.ts. With fewer key
 * heads groups of heads share keys and values (Ainslie 2023).
 */
import { attentionFlops, selfAttention as attendSelf, selfAttentionWeights } from './attention.ts';
import { defineLayer, type LayerContext, type ShapeProblem } from './defineLayer.ts';
import { attentionDropoutParam, causalParam, describeHeads, headParams, headProblem } from './heads.ts';
import { onlyShape, onlyValue, requireSequence } from './helpers.ts';
import { initialiserParam } from './initialisers.ts';
import { paddedSteps, paddingProblem, paddingTokenParam } from './padding.ts';

export const selfAttention = defineLayer({
  type: 'selfAttention',
  version: 1,
  title: 'SelfAttention',
  family: 'attention',
  keywords: [
    'grouped-query',
    'rotary',
    'rope',
    'multi-head',
    'multihead',
    'attention',
    'transformer',
    'gpt',
    'query',
    'key',
    'value',
    'causal',
  ],
  doc: {
    summary:
      'Lets every time step look at all others and take from those that fit: each head asks with a query, compares it with the keys of all steps and mixes their values accordingly. With a causal mask a step sees only itself and what came before, as needed to predict what comes next. A second input, if connected, are the tokens of the sequence: steps that hold the padding token are not looked at.',
    source:
      'Vaswani and others 2017, Attention is all you need; formula as torch.nn.MultiheadAttention. Key heads: Ainslie and others 2023, GQA. Rotary positions: Su and others 2021, RoFormer',
  },
  params: {
    ...headParams,
    causal: causalParam,
    bias: { kind: 'boolean', label: 'Bias', doc: 'Adds learned numbers in all four linear maps.', default: true },
    dropout: attentionDropoutParam,
    initialiser: initialiserParam,
    rotary: {
      kind: 'boolean',
      label: 'Rotary positions',
      doc: 'Turns queries and keys by an angle that grows with the step, so that scores depend on the distance of steps.',
      default: false,
    },
    rotaryBase: {
      kind: 'number',
      label: 'Rotary base',
      doc: 'The slowest of the turns takes about this many steps; 10,000 in the paper, 500,000 in Llama 3.',
      default: 10_000,
      min: 1,
      max: 1e9,
    },
    paddingToken: paddingTokenParam,
  },
  inputCount: { min: 1, max: 2 },
  hasOutput: true,
  takesTokens: [1],
  inferShape(context) {
    const problem = requireSequence(context) ?? headProblem(context) ?? rotaryProblem(context);
    return problem ?? paddingProblem(context, 1, onlyShape(context.inputs)) ?? onlyShape(context.inputs);
  },
  weights: ({ params, inputs }) => selfAttentionWeights(params, onlyShape(inputs)[2]?.size ?? 1, params),
  lower({ b, params, values, weights, mode }) {
    const padded = values[1] && paddedSteps(b, values[1], params.paddingToken);
    const options = { ...params, rotaryBase: params.rotary ? params.rotaryBase : undefined };
    return attendSelf(b, onlyValue(values), options, { weights, padded, mode });
  },
  describe({ params, inputs }) {
    const parts = describeHeads(params);
    if (params.causal) parts.push('causal');
    if (params.rotary) parts.push('rotary');
    if (inputs.length > 1) parts.push('padding unseen');
    return parts.join(' · ');
  },
  flops({ params, inputs }) {
    const [, steps = 1, features = 1] = onlyShape(inputs).map((d) => d.size ?? 1);
    return attentionFlops(params, { steps, features, memorySteps: steps, memoryFeatures: features });
  },
});

function rotaryProblem({
  params,
  inputs,
  name,
}: LayerContext<{ readonly heads: number; readonly rotary: boolean }>): ShapeProblem | undefined {
  const size = (onlyShape(inputs)[2]?.size ?? 1) / params.heads;
  if (!params.rotary || size % 2 === 0) return undefined;
  return {
    code: 'attention.rotary',
    message: `${name}: rotary positions turn pairs of features, but a head has ${size}.`,
    hint: 'Use a number of heads that leaves each an even number of features.',
    fixes: [{ kind: 'setParam', label: 'Switch rotary positions off', node: '', param: 'rotary', value: false }],
  };
}
