/** CrossAttention (PyTorch's MultiheadAttention with key = value): queries from one sequence, keys and values from another. */
import { attentionFlops, crossAttention as attendMemory, crossAttentionWeights } from './attention.ts';
import { defineLayer } from './defineLayer.ts';
import { attentionDropoutParam, describeHeads, headParams, headProblem } from './heads.ts';
import { onlyShape, requireSequence, requireSequenceAt } from './helpers.ts';
import { initialiserParam } from './initialisers.ts';
import { paddedSteps, paddingProblem, paddingTokenParam } from './padding.ts';

export const crossAttention = defineLayer({
  type: 'crossAttention',
  version: 1,
  title: 'CrossAttention',
  family: 'attention',
  keywords: ['multi-head', 'multihead', 'attention', 'encoder', 'decoder', 'memory', 'seq2seq', 'query', 'key', 'value', 'grouped-query'],
  doc: {
    summary:
      'Lets every step of the first input look at all steps of the second, the memory: so a decoder that writes looks at what an encoder has read. Each head asks with a query of the first and mixes values of the second. A third input, if connected, are the tokens of the memory: steps that hold the padding token are not looked at.',
    source:
      'Bahdanau, Cho, Bengio 2014, Neural machine translation by jointly learning to align and translate; Vaswani and others 2017; formula as torch.nn.MultiheadAttention',
  },
  params: {
    ...headParams,
    bias: { kind: 'boolean', label: 'Bias', doc: 'Adds learned numbers in all four linear maps.', default: true },
    dropout: attentionDropoutParam,
    initialiser: initialiserParam,
    paddingToken: paddingTokenParam,
  },
  inputCount: { min: 2, max: 3 },
  hasOutput: true,
  takesTokens: [2],
  inferShape(context) {
    const problem = requireSequence(context) ?? requireSequenceAt(context, 1) ?? headProblem(context);
    return problem ?? paddingProblem(context, 2, context.inputs[1] ?? []) ?? onlyShape(context.inputs);
  },
  weights({ params, inputs }) {
    const [features = 1, memoryFeatures = 1] = inputs.map((shape) => shape[2]?.size ?? 1);
    return crossAttentionWeights(params, features, memoryFeatures, params);
  },
  lower({ b, params, values: [x, memory, tokens], weights, mode }) {
    if (x === undefined || memory === undefined) throw new Error('CrossAttention was lowered without its inputs.');
    const padded = tokens && paddedSteps(b, tokens, params.paddingToken);
    return attendMemory(b, x, memory, params, { weights, padded, mode });
  },
  describe: ({ params, inputs }) => [...describeHeads(params), ...(inputs.length > 2 ? ['padding unseen'] : [])].join(' · '),
  flops({ params, inputs }) {
    const [, steps = 1, features = 1] = onlyShape(inputs).map((d) => d.size ?? 1);
    const [, memorySteps = 1, memoryFeatures = 1] = (inputs[1] ?? []).map((d) => d.size ?? 1);
    return attentionFlops(params, { steps, features, memorySteps, memoryFeatures });
  },
});
