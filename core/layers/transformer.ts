/**
 * What the encoder and the decoder block share: parameters, weights and the residual connections with their norms, after them
 * as Vaswani 2017 has it (post) or before each part (pre), which trains without warm-up (Xiong and others 2020).
 * Parts are the helpers of SelfAttention, CrossAttention, FeedForward and LayerNorm; in weights `<part>.<name>`.
 */
import type { Builder, Value } from '../program/builder.ts';
import { activationOptions } from './activationMath.ts';
import type { ParamSpec, WeightSpec } from './defineLayer.ts';
import { dropoutParam, dropValues } from './dropping.ts';
import { feedForward, feedForwardWeights, hiddenParam, hiddenUnits } from './feedForwardMath.ts';
import { causalParam, describeHeads, headParams, type Heads } from './heads.ts';
import { initialiserParam } from './initialisers.ts';
import { epsilonParam, normaliseFeatures } from './normalisation.ts';
import { paddingTokenParam } from './padding.ts';

export const blockParams = {
  ...headParams,
  hidden: hiddenParam,
  activation: { kind: 'choice', label: 'Activation', doc: 'Between the two Dense layers.', default: 'relu', options: activationOptions },
  norm: {
    kind: 'choice',
    label: 'Norm',
    doc: 'Where the layer norms stand.',
    default: 'post',
    options: [
      { value: 'post', label: 'After each part', doc: 'Post-norm, as in the paper and in BERT; wants a warm-up of the learning rate.' },
      {
        value: 'pre',
        label: 'Before each part',
        doc: 'Pre-norm, as in GPT-2: deep stacks train more easily; a LayerNorm belongs behind the last block.',
      },
    ],
  },
  dropout: {
    ...dropoutParam,
    doc: 'Dropped in training: of the attention, of the hidden units and of what each part adds.',
    default: 0.1,
  },
  causal: causalParam,
  bias: { kind: 'boolean', label: 'Bias', doc: 'Learned numbers added in all linear maps and norms.', default: true },
  epsilon: { ...epsilonParam, advanced: true },
  initialiser: initialiserParam,
  paddingToken: paddingTokenParam,
} as const satisfies Readonly<Record<string, ParamSpec>>;

type Weights = Readonly<Record<string, Value>>;

/** Weights under the name of their part. */
export function partOf(part: string, specs: readonly WeightSpec[]): WeightSpec[] {
  return specs.map((spec) => ({ ...spec, name: `${part}.${spec.name}` }));
}

/** Those of one part, by their own names. */
export function weightsOf(part: string, weights: Weights): Weights {
  const start = `${part}.`;
  return Object.fromEntries(
    Object.entries(weights).flatMap(([name, value]) => (name.startsWith(start) ? [[name.slice(start.length), value]] : [])),
  );
}

interface BlockChoice {
  readonly hidden: number;
  readonly bias: boolean;
  readonly initialiser: string;
}

/** Of the feed-forward part and of `norms` layer norms. */
export function commonWeights(features: number, norms: number, params: BlockChoice): WeightSpec[] {
  const size = [features];
  const norm: WeightSpec[] = [
    { name: 'weight', shape: size, initialiser: { kind: 'ones' } },
    ...(params.bias ? [{ name: 'bias', shape: size, initialiser: { kind: 'zeros' } } as const] : []),
  ];
  return [
    ...partOf('feedForward', feedForwardWeights(features, hiddenUnits(params.hidden, features), params)),
    ...Array.from({ length: norms }, (_, i) => partOf(`norm${i + 1}`, norm)).flat(),
  ];
}

export interface BlockOptions {
  readonly norm: string;
  readonly epsilon: number;
  readonly dropout: number;
  readonly activation: string;
}

/** Puts x through the parts, each beside a residual connection with its norm; the feed-forward part is the last. */
export function runBlock(
  b: Builder,
  x: Value,
  parts: readonly ((x: Value) => Value)[],
  weights: Weights,
  options: BlockOptions,
  mode: 'train' | 'evaluate',
): Value {
  const last = (value: Value) => feedForward(b, value, weightsOf('feedForward', weights), options, mode);
  return [...parts, last].reduce((stream, part, i) => {
    const { weight, bias } = weightsOf(`norm${i + 1}`, weights);
    const norm = (value: Value) => normaliseFeatures(b, value, weight, bias, options.epsilon);
    const added = (value: Value) => b.add(stream, dropValues(b, part(value), options.dropout, mode));
    return options.norm === 'pre' ? added(norm(stream)) : norm(added(stream));
  }, x);
}

/** Of the feed-forward part and `norms` layer norms with their additions, for all steps. */
export function commonFlops(steps: number, features: number, norms: number, hidden: number): number {
  return steps * (4 * features * hiddenUnits(hidden, features) + norms * 9 * features);
}

/** `4 heads · pre-norm · causal` */
export function describeBlock(params: Heads & Pick<BlockOptions, 'norm'> & { readonly causal: boolean }, hidesPadding: boolean): string {
  const parts = [...describeHeads(params), `${params.norm}-norm`];
  if (params.causal) parts.push('causal');
  if (hidesPadding) parts.push('padding unseen');
  return parts.join(' · ');
}
