/** Attention heads: the parameters that every attention layer has, and which numbers of heads fit. */
import type { LayerContext, ParamSpecs, ShapeProblem } from './defineLayer.ts';
import { dropoutParam } from './dropping.ts';

export const headParams = {
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
} as const satisfies ParamSpecs;

export const causalParam = {
  kind: 'boolean',
  label: 'Causal',
  doc: 'Every step sees only itself and earlier ones.',
  default: false,
} as const;

export const attentionDropoutParam = {
  ...dropoutParam,
  doc: 'In training, share of the attention that is dropped after the softmax.',
  advanced: true,
} as const;

export interface Heads {
  readonly heads: number;
  readonly keyHeads?: number;
}

/** Groups of heads share keys and values. */
export function isGrouped({ heads, keyHeads = 0 }: Heads): boolean {
  return keyHeads > 0 && keyHeads !== heads;
}

/** Features of the keys of all heads. */
export function keyFeatures(heads: Heads, features: number): number {
  return isGrouped(heads) ? (features / heads.heads) * (heads.keyHeads ?? 1) : features;
}

export function describeHeads(heads: Heads): string[] {
  const parts = [`${heads.heads} ${heads.heads === 1 ? 'head' : 'heads'}`];
  return isGrouped(heads) ? [...parts, `${heads.keyHeads} for keys`] : parts;
}

const setParam = (label: string, param: string, fitting: readonly number[]) =>
  fitting.map((value) => ({ kind: 'setParam', label: `Set ${label} to ${value}`, node: '', param, value }) as const);

/** Heads that don't divide the features of the first input, or key heads that don't divide the heads. */
export function headProblem({ params, inputs, inputNames, name }: LayerContext<Heads>): ShapeProblem | undefined {
  const features = inputs[0]?.at(-1)?.size ?? 1;
  const { heads, keyHeads = 0 } = params;
  if (features % heads !== 0) {
    const fitting = divisorsAround(features, heads);
    return {
      code: 'attention.heads',
      message: `${name}: ${heads} heads do not divide the ${features} features from ${inputNames[0]}.`,
      hint: `Use ${fitting.join(' or ')} heads, or a number of features that ${heads} divides.`,
      fixes: setParam('Heads', 'heads', fitting),
    };
  }
  if (!isGrouped(params) || heads % keyHeads === 0) return undefined;
  const fitting = divisorsAround(heads, keyHeads);
  return {
    code: 'attention.keyHeads',
    message: `${name}: ${keyHeads} key heads do not divide its ${heads} heads.`,
    hint: `Use ${fitting.join(' or ')} key heads.`,
    fixes: setParam('Key heads', 'keyHeads', fitting),
  };
}

/** The divisors of `features` next below and above. */
function divisorsAround(features: number, heads: number): number[] {
  const divisors = Array.from({ length: features }, (_, i) => i + 1).filter((n) => features % n === 0);
  return [divisors.findLast((n) => n < heads), divisors.find((n) => n > heads)].filter((n) => n !== undefined);
}
