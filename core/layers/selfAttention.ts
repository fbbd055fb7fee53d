/**
 * SelfAttention (PyTorch's MultiheadAttention with query = key = value): every head compares queries with keys,
 * softmax(Q · Kᵀ ÷ √d) · V, d features per head; the heads side by side go through one more linear map.
 * `inWeight` holds the maps to queries, keys and values one after the other, as PyTorch has them: (3 · features, features),
 * with fewer key heads ((heads + 2 · key heads) · d, features). Groups of heads then share keys and values (Ainslie 2023).
 */
import { softmax } from './activationMath.ts';
import type { Builder, Value } from '../program/builder.ts';
import { defineLayer, type Initialiser, type LayerContext, type ShapeProblem } from './defineLayer.ts';
import { onlyShape, onlyValue, requireSequence } from './helpers.ts';
import { initialiserParam, startValues } from './initialisers.ts';

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
      'Lets every time step look at all others and take from those that fit: each head asks with a query, compares it with the keys of all steps and mixes their values accordingly. With a causal mask a step sees only itself and what came before, as needed to predict what comes next.',
    source:
      'Vaswani and others 2017, Attention is all you need; formula as torch.nn.MultiheadAttention. Key heads: Ainslie and others 2023, GQA. Rotary positions: Su and others 2021, RoFormer',
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
    keyHeads: {
      kind: 'integer',
      label: 'Key heads',
      doc: 'How many heads of keys and values; groups of heads share one. 0: as many as heads. Must divide the heads.',
      default: 0,
      min: 0,
      max: 1024,
      step: 1,
    },
    causal: { kind: 'boolean', label: 'Causal', doc: 'Every step sees only itself and earlier ones.', default: false },
    bias: { kind: 'boolean', label: 'Bias', doc: 'Adds learned numbers in all four linear maps.', default: true },
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
  },
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape(context) {
    const problem = requireSequence(context);
    if (problem !== undefined) return problem;
    return headProblem(context) ?? onlyShape(context.inputs);
  },
  weights({ params, inputs }) {
    const features = onlyShape(inputs)[2]?.size ?? 1;
    const rows = features + 2 * keyFeatures(params, features);
    const zeros: Initialiser = { kind: 'zeros' };
    const start = (fanOut: number, own?: Initialiser) => startValues(params.initialiser, features, fanOut, own).weight;
    const weights = [
      // Xavier uniform over the stacked map, and Linear's own default for the last one.
      { name: 'inWeight', shape: [rows, features], initialiser: start(rows, { kind: 'uniform', bound: Math.sqrt(6 / (rows + features)) }) },
      { name: 'outWeight', shape: [features, features], initialiser: start(features) },
    ] as const;
    const biases = [
      { name: 'inBias', shape: [rows], initialiser: zeros },
      { name: 'outBias', shape: [features], initialiser: zeros },
    ];
    return params.bias ? [...weights, ...biases] : weights;
  },
  lower({ b, params, values, weights }) {
    const { inWeight, inBias, outWeight, outBias } = weights;
    if (inWeight === undefined || outWeight === undefined) throw new Error('SelfAttention was lowered without its weights.');
    const x = onlyValue(values); // (B, T, F)
    const [batch = 1, steps = 1, features = 1] = x.shape;
    const size = features / params.heads;
    const projected = isGrouped(params) ? projectGroups(b, x, inWeight, inBias, params) : project(b, x, inWeight, inBias, params);
    const turned = (value: Value) => (params.rotary ? rotate(b, value, params.rotaryBase) : value);
    const [queries, keys, mixed] = [turned(projected[0]), turned(projected[1]), projected[2]];
    const [compare, take] = isGrouped(params)
      ? ['bghqd,bgkd->bghqk', 'bghqk,bgkd->bqghd'] // g groups of h heads
      : ['bhqd,bhkd->bhqk', 'bhqk,bhkd->bqhd'];
    const scores = b.contract(compare, b.multiply(queries, 1 / Math.sqrt(size)), keys);
    const square = [steps, steps];
    const past = b.binary('lessEqual', b.iota(square, 1), b.iota(square, 0));
    const attention = softmax(b, params.causal ? b.select(past, scores, -Infinity) : scores); // (B, heads, T, T)
    const heard = b.reshape(b.contract(take, attention, mixed), [batch, steps, features]);
    const out = b.contract('bti,oi->bto', heard, outWeight);
    return outBias === undefined ? out : b.add(out, outBias);
  },
  describe({ params }) {
    const parts = [`${params.heads} ${params.heads === 1 ? 'head' : 'heads'}`];
    if (isGrouped(params)) parts.push(`${params.keyHeads} for keys`);
    if (params.causal) parts.push('causal');
    if (params.rotary) parts.push('rotary');
    return parts.join(' · ');
  },
  flops({ params, inputs }) {
    const [, steps = 1, features = 1] = onlyShape(inputs).map((d) => d.size ?? 1);
    return 4 * steps * features * (features + keyFeatures(params, features)) + 4 * steps ** 2 * features + 5 * steps ** 2;
  },
});

interface Params {
  readonly heads: number;
  readonly keyHeads: number;
  readonly causal: boolean;
  readonly rotary: boolean;
  readonly rotaryBase: number;
}

const isGrouped = ({ heads, keyHeads }: Params): boolean => keyHeads > 0 && keyHeads !== heads;

/** Features of the keys of all heads. */
function keyFeatures(params: Params, features: number): number {
  return isGrouped(params) ? (features / params.heads) * params.keyHeads : features;
}

function headProblem({ params, inputs, inputNames, name }: LayerContext<Params>): ShapeProblem | undefined {
  const features = onlyShape(inputs)[2]?.size ?? 1;
  const { heads, keyHeads } = params;
  const set = (label: string, param: string, fitting: readonly number[]) =>
    fitting.map((value) => ({ kind: 'setParam', label: `Set ${label} to ${value}`, node: '', param, value }) as const);
  if (features % heads !== 0) {
    const fitting = divisorsAround(features, heads);
    return {
      code: 'attention.heads',
      message: `${name}: ${heads} heads do not divide the ${features} features from ${inputNames[0]}.`,
      hint: `Use ${fitting.join(' or ')} heads, or a number of features that ${heads} divides.`,
      fixes: set('Heads', 'heads', fitting),
    };
  }
  if (isGrouped(params) && heads % keyHeads !== 0) {
    const fitting = divisorsAround(heads, keyHeads);
    return {
      code: 'attention.keyHeads',
      message: `${name}: ${keyHeads} key heads do not divide its ${heads} heads.`,
      hint: `Use ${fitting.join(' or ')} key heads.`,
      fixes: set('Key heads', 'keyHeads', fitting),
    };
  }
  if (!params.rotary || (features / heads) % 2 === 0) return undefined;
  return {
    code: 'attention.rotary',
    message: `${name}: rotary positions turn pairs of features, but a head has ${features / heads}.`,
    hint: 'Use a number of heads that leaves each an even number of features.',
    fixes: [{ kind: 'setParam', label: 'Switch rotary positions off', node: '', param: 'rotary', value: false }],
  };
}

type Projected = readonly [queries: Value, keys: Value, values: Value];

/** Queries, keys and values (B, heads, T, d) in one contraction. */
function project(b: Builder, x: Value, inWeight: Value, inBias: Value | undefined, { heads }: Params): Projected {
  const [batch = 1, steps = 1, features = 1] = x.shape;
  const size = features / heads;
  // s queries, keys, values; h head; d feature within a head
  const sums = b.contract('bti,shdi->sbhtd', x, b.reshape(inWeight, [3, heads, size, features]));
  const projected = inBias === undefined ? sums : b.add(sums, b.reshape(inBias, [3, 1, heads, 1, size]));
  const part = (s: number) => b.reshape(b.slice(projected, 0, s, 1), [batch, heads, steps, size]);
  return [part(0), part(1), part(2)];
}

/** Queries (B, groups, heads of one, T, d), keys and values (B, groups, T, d). */
function projectGroups(b: Builder, x: Value, inWeight: Value, inBias: Value | undefined, { heads, keyHeads }: Params): Projected {
  const features = x.shape[2] ?? 1;
  const size = features / heads;
  const part = (equation: string, start: number, sizes: readonly number[], places: readonly number[]): Value => {
    const rows = sizes.reduce((product, n) => product * n, 1);
    const sums = b.contract(equation, x, b.reshape(b.slice(inWeight, 0, start, rows), [...sizes, features]));
    return inBias === undefined ? sums : b.add(sums, b.reshape(b.slice(inBias, 0, start, rows), places));
  };
  const keyRows = keyHeads * size;
  const perGroup = heads / keyHeads;
  return [
    part('bti,ghdi->bghtd', 0, [keyHeads, perGroup, size], [1, keyHeads, perGroup, 1, size]),
    part('bti,gdi->bgtd', features, [keyHeads, size], [1, keyHeads, 1, size]),
    part('bti,gdi->bgtd', features + keyRows, [keyHeads, size], [1, keyHeads, 1, size]),
  ];
}

/**
 * Rotary positions (Su and others 2021): features i and i + d/2 of (..., T, d) turn by t · base^(−2i/d). Pairs lie half a
 * head apart, as in Llama; the paper's neighbouring pairs are the same up to the order of the features.
 */
function rotate(b: Builder, x: Value, base: number): Value {
  const [steps = 1, size = 1] = x.shape.slice(-2);
  const half = size / 2;
  const frequency = b.unary('exp', b.multiply(b.cast(b.iota([steps, half], 1), 'f32'), (-2 / size) * Math.log(base)));
  const angle = b.multiply(b.cast(b.iota([steps, half], 0), 'f32'), frequency); // (T, d/2)
  const [cosine, sine] = [b.unary('cos', angle), b.unary('sin', angle)];
  const [first, second] = [b.slice(x, -1, 0, half), b.slice(x, -1, half, half)];
  return b.concat(
    [b.subtract(b.multiply(first, cosine), b.multiply(second, sine)), b.add(b.multiply(second, cosine), b.multiply(first, sine))],
    -1,
  );
}

/** The divisors of `features` next below and above. */
function divisorsAround(features: number, heads: number): number[] {
  const divisors = Array.from({ length: features }, (_, i) => i + 1).filter((n) => features % n === 0);
  return [divisors.findLast((n) => n < heads), divisors.find((n) => n > heads)].filter((n) => n !== undefined);
}
