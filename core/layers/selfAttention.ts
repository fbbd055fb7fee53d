/**
 * SelfAttention (PyTorch's MultiheadAttention with query = key = value): every head compares queries with keys,
 * softmax(Q · Kᵀ ÷ √d) · V, d features per head; the heads side by side go through one more linear map.
 * `inWeight` (3 · features, features) holds the maps to queries, keys and values one after the other, as PyTorch has them.
 */
import { softmax } from './activationMath.ts';
import { defineLayer, type Initialiser } from './defineLayer.ts';
import { onlyShape, onlyValue, requireSequence } from './helpers.ts';

export const selfAttention = defineLayer({
  type: 'selfAttention',
  version: 1,
  title: 'SelfAttention',
  family: 'attention',
  keywords: ['multi-head', 'multihead', 'attention', 'transformer', 'gpt', 'query', 'key', 'value', 'causal'],
  doc: {
    summary:
      'Lets every time step look at all others and take from those that fit: each head asks with a query, compares it with the keys of all steps and mixes their values accordingly. With a causal mask a step sees only itself and what came before, as needed to predict what comes next.',
    source: 'Vaswani and others 2017, Attention is all you need; formula as torch.nn.MultiheadAttention',
  },
  params: {
    heads: {
      kind: 'integer',
      label: 'Heads',
      doc: 'How many comparisons side by side; must divide the features.',
      default: 4,
      min: 1,
      max: 1024,
      step: 1,
    },
    causal: { kind: 'boolean', label: 'Causal', doc: 'Every step sees only itself and earlier ones.', default: false },
    bias: { kind: 'boolean', label: 'Bias', doc: 'Adds learned numbers in all four linear maps.', default: true },
  },
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape(context) {
    const problem = requireSequence(context);
    if (problem !== undefined) return problem;
    const { params, inputs, inputNames, name } = context;
    const x = onlyShape(inputs);
    const features = x[2]?.size ?? 1;
    if (features % params.heads === 0) return x;
    const fitting = divisorsAround(features, params.heads);
    return {
      code: 'attention.heads',
      message: `${name}: ${params.heads} heads do not divide the ${features} features from ${inputNames[0]}.`,
      hint: `Use ${fitting.join(' or ')} heads, or a number of features that ${params.heads} divides.`,
      fixes: fitting.map((value) => ({ kind: 'setParam', label: `Set Heads to ${value}`, node: '', param: 'heads', value })),
    };
  },
  weights({ params, inputs }) {
    const features = onlyShape(inputs)[2]?.size ?? 1;
    const zeros: Initialiser = { kind: 'zeros' };
    const weights = [
      // Xavier uniform over the stacked map, and Linear's own default for the last one.
      { name: 'inWeight', shape: [3 * features, features], initialiser: { kind: 'uniform', bound: Math.sqrt(6 / (4 * features)) } },
      { name: 'outWeight', shape: [features, features], initialiser: { kind: 'uniform', bound: 1 / Math.sqrt(features) } },
    ] as const;
    const biases = [
      { name: 'inBias', shape: [3 * features], initialiser: zeros },
      { name: 'outBias', shape: [features], initialiser: zeros },
    ];
    return params.bias ? [...weights, ...biases] : weights;
  },
  lower({ b, params: { heads, causal }, values, weights }) {
    const { inWeight, inBias, outWeight, outBias } = weights;
    if (inWeight === undefined || outWeight === undefined) throw new Error('SelfAttention was lowered without its weights.');
    const x = onlyValue(values); // (B, T, F)
    const [batch = 1, steps = 1, features = 1] = x.shape;
    const size = features / heads;
    // s queries, keys, values; h head; d feature within a head
    const sums = b.contract('bti,shdi->sbhtd', x, b.reshape(inWeight, [3, heads, size, features]));
    const projected = inBias === undefined ? sums : b.add(sums, b.reshape(inBias, [3, 1, heads, 1, size]));
    const [queries, keys, mixed] = [0, 1, 2].map((s) => b.reshape(b.slice(projected, 0, s, 1), [batch, heads, steps, size]));
    if (queries === undefined || keys === undefined || mixed === undefined) throw new Error('SelfAttention has three projections.');
    const scores = b.contract('bhqd,bhkd->bhqk', b.multiply(queries, 1 / Math.sqrt(size)), keys);
    const square = [steps, steps];
    const past = b.binary('lessEqual', b.iota(square, 1), b.iota(square, 0));
    const attention = softmax(b, causal ? b.select(past, scores, -Infinity) : scores); // (B, heads, T, T)
    const heard = b.reshape(b.contract('bhqk,bhkd->bqhd', attention, mixed), [batch, steps, features]);
    const out = b.contract('bti,oi->bto', heard, outWeight);
    return outBias === undefined ? out : b.add(out, outBias);
  },
  describe({ params: { heads, causal } }) {
    return `${heads} ${heads === 1 ? 'head' : 'heads'}${causal ? ' · causal' : ''}`;
  },
  flops({ inputs }) {
    const [, steps = 1, features = 1] = onlyShape(inputs).map((d) => d.size ?? 1);
    return 8 * steps * features ** 2 + 4 * steps ** 2 * features + 5 * steps ** 2;
  },
});

/** The divisors of `features` next below and above. */
function divisorsAround(features: number, heads: number): number[] {
  const divisors = Array.from({ length: features }, (_, i) => i + 1).filter((n) => features % n === 0);
  return [divisors.findLast((n) => n < heads), divisors.find((n) => n > heads)].filter((n) => n !== undefined);
}
