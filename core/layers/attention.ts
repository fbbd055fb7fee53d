/**
 * The mathematics of attention, once: SelfAttention, CrossAttention and the transformer blocks call it. Every head compares
 * queries with keys, softmax(Q · Kᵀ ÷ √d) · V, d features per head; the heads side by side go through one more linear map.
 */
import type { Builder, Value } from '../program/builder.ts';
import { softmax } from './activationMath.ts';
import type { Initialiser, WeightSpec } from './defineLayer.ts';
import { dropValues } from './dropping.ts';
import { isGrouped, keyFeatures, type Heads } from './heads.ts';
import { startValues } from './initialisers.ts';
import { linear, linearWeights, type LinearChoice } from './linear.ts';
import { rotate } from './rotary.ts';

export interface AttentionOptions extends Heads {
  readonly dropout: number;
  readonly causal?: boolean;
  /** Turns queries and keys, with this base. */
  readonly rotaryBase?: number | undefined;
}

export interface AttentionInputs {
  readonly weights: Readonly<Record<string, Value>>;
  /** 1 where a step that could be looked at is padding, (B, Tk). */
  readonly padded: Value | undefined;
  readonly mode: 'train' | 'evaluate';
}

/**
 * Instead of −∞ for padding: where all that may be seen is padding, the weights are equal instead of NaN. Next to any real
 * score e to this is 0.
 */
const unseen = -1e30;

/** `inWeight` holds the maps to queries, keys and values one after the other: ((heads + 2 · key heads) · d, features). */
export function selfAttentionWeights(heads: Heads, features: number, choice: LinearChoice): WeightSpec[] {
  const rows = features + 2 * keyFeatures(heads, features);
  const [outWeight, ...outBias] = outMap(features, choice);
  const own = xavier(features, rows);
  return [
    { name: 'inWeight', shape: [rows, features], initialiser: startValues(choice.initialiser, features, rows, own).weight },
    ...(outWeight === undefined ? [] : [outWeight]),
    ...(choice.bias ? [zeros('inBias', rows)] : []),
    ...outBias,
  ];
}

/** `queryWeight` (features, features); `memoryWeight` holds the maps to keys and values: (2 · key heads · d, memory features). */
export function crossAttentionWeights(heads: Heads, features: number, memoryFeatures: number, choice: LinearChoice): WeightSpec[] {
  const keys = keyFeatures(heads, features);
  const rows = features + 2 * keys;
  // PyTorch stacks the three maps where they have equal inputs, and starts the stack.
  const isStacked = memoryFeatures === features;
  const start = (inputs: number, outputs: number) =>
    startValues(choice.initialiser, inputs, outputs, xavier(inputs, isStacked ? rows : outputs)).weight;
  return [
    { name: 'queryWeight', shape: [features, features], initialiser: start(features, features) },
    { name: 'memoryWeight', shape: [2 * keys, memoryFeatures], initialiser: start(memoryFeatures, keys) },
    ...(choice.bias ? [zeros('queryBias', features), zeros('memoryBias', 2 * keys)] : []),
    ...outMap(features, choice),
  ];
}

const zeros = (name: string, size: number): WeightSpec => ({ name, shape: [size], initialiser: { kind: 'zeros' } });
const xavier = (fanIn: number, fanOut: number): Initialiser => ({ kind: 'uniform', bound: Math.sqrt(6 / (fanIn + fanOut)) });

/** Linear's own start for the last map, but zeros for its bias. */
function outMap(features: number, choice: LinearChoice): WeightSpec[] {
  return linearWeights('out', features, features, choice).map((spec) => (spec.name === 'outBias' ? zeros('outBias', features) : spec));
}

/** x (B, T, F) among itself. */
export function selfAttention(b: Builder, x: Value, options: AttentionOptions, inputs: AttentionInputs): Value {
  const { inWeight, inBias } = inputs.weights;
  if (inWeight === undefined) throw new Error('SelfAttention was lowered without its weights.');
  if (!isGrouped(options)) {
    const [queries, keys, values] = project(b, x, inWeight, inBias, 3, headSizes(options, x));
    return attend(b, [queries!, keys!, values!], options, inputs);
  }
  const features = x.shape[2] ?? 1;
  const memoryRows = (inWeight.shape[0] ?? 0) - features;
  const part = (all: Value | undefined, start: number, rows: number) => all && b.slice(all, 0, start, rows);
  const weights = {
    queryWeight: b.slice(inWeight, 0, 0, features),
    memoryWeight: b.slice(inWeight, 0, features, memoryRows),
    queryBias: part(inBias, 0, features),
    memoryBias: part(inBias, features, memoryRows),
  };
  return attend(b, projectBoth(b, x, x, weights, options), options, inputs);
}

/** Queries from x (B, Tq, F), keys and values from the memory (B, Tk, M). */
export function crossAttention(b: Builder, x: Value, memory: Value, options: AttentionOptions, inputs: AttentionInputs): Value {
  return attend(b, projectBoth(b, x, memory, inputs.weights, options), options, inputs);
}

type Projected = readonly [queries: Value, keys: Value, values: Value];

/** Of queries: (heads, d), in groups (key heads, heads of one, d). */
function headSizes({ heads, ...rest }: Heads, x: Value): number[] {
  const size = (x.shape[2] ?? 1) / heads;
  const groups = rest.keyHeads ?? 0;
  return isGrouped({ heads, ...rest }) ? [groups, heads / groups, size] : [heads, size];
}

function projectBoth(
  b: Builder,
  x: Value,
  memory: Value,
  { queryWeight, memoryWeight, queryBias, memoryBias }: Readonly<Record<string, Value | undefined>>,
  heads: Heads,
): Projected {
  if (queryWeight === undefined || memoryWeight === undefined) throw new Error('CrossAttention was lowered without its weights.');
  const sizes = headSizes(heads, x);
  const [queries] = project(b, x, queryWeight, queryBias, 1, sizes);
  const [keys, values] = project(b, memory, memoryWeight, memoryBias, 2, [sizes[0] ?? 1, sizes.at(-1) ?? 1]);
  return [queries!, keys!, values!];
}

/** `count` maps in one contraction, each (B, heads, T, d) or, with groups, (B, groups, heads of one, T, d). */
function project(b: Builder, x: Value, weight: Value, bias: Value | undefined, count: number, sizes: readonly number[]): Value[] {
  const [batch = 1, steps = 1, features = 1] = x.shape;
  const [heads, size] = [sizes.slice(0, -1), sizes.at(-1) ?? 1];
  const letters = heads.length === 1 ? 'h' : 'gh';
  const sums = b.contract(`bti,s${letters}di->sb${letters}td`, x, b.reshape(weight, [count, ...sizes, features]));
  const projected = bias === undefined ? sums : b.add(sums, b.reshape(bias, [count, 1, ...heads, 1, size]));
  return Array.from({ length: count }, (_, s) => b.reshape(b.slice(projected, 0, s, 1), [batch, ...heads, steps, size]));
}

/** Softmax(Q · Kᵀ ÷ √d) · V with masks, then the last linear map: (B, Tq, F). */
function attend(b: Builder, projected: Projected, options: AttentionOptions, { weights, padded, mode }: AttentionInputs): Value {
  const { rotaryBase } = options;
  const turned = (value: Value) => (rotaryBase === undefined ? value : rotate(b, value, rotaryBase));
  const [queries, keys, values] = [
    b.name(turned(projected[0]), 'queries'),
    b.name(turned(projected[1]), 'keys'),
    b.name(projected[2], 'values'),
  ];
  const [batch = 1, ...rest] = queries.shape;
  const [steps = 1, size = 1] = rest.slice(-2);
  const [compare, take] = isGrouped(options)
    ? ['bghqd,bgkd->bghqk', 'bghqk,bgkd->bqghd'] // g groups of h heads
    : ['bhqd,bhkd->bhqk', 'bhqk,bhkd->bqhd'];
  let scores = b.contract(compare, b.multiply(queries, 1 / Math.sqrt(size)), keys);
  if (padded !== undefined) {
    const places = scores.shape.map((_, axis) => (axis === 0 || axis === scores.shape.length - 1 ? (scores.shape[axis] ?? 1) : 1));
    scores = b.select(b.reshape(padded, places), unseen, scores);
  }
  // After padding, so that what comes next stays out of sight where all before is padding.
  if (options.causal === true) {
    const square = scores.shape.slice(-2);
    scores = b.select(b.binary('lessEqual', b.iota(square, 1), b.iota(square, 0)), scores, -Infinity);
  }
  const weighed = b.name(softmax(b, b.name(scores, 'scores')), 'attention'); // (B, heads, Tq, Tk)
  const heardByHead = b.name(b.contract(take, dropValues(b, weighed, options.dropout, mode), values), 'heads'); // (B, Tq, heads, d)
  const heard = b.reshape(heardByHead, [batch, steps, options.heads * size]);
  return linear(b, heard, weights.outWeight, weights.outBias);
}

export interface AttentionSizes {
  readonly steps: number;
  readonly features: number;
  readonly memorySteps: number;
  readonly memoryFeatures: number;
}

export function attentionFlops(heads: Heads, { steps, features, memorySteps, memoryFeatures }: AttentionSizes): number {
  const projections = 4 * steps * features ** 2 + 4 * memorySteps * memoryFeatures * keyFeatures(heads, features);
  return projections + 4 * steps * memorySteps * features + 5 * steps * memorySteps;
}
