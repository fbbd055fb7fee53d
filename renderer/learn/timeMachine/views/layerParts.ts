/** What views find in the layer that a moment belongs to. */
import type { LayerStage, TensorRef, WeightRef } from '../../../../core/explain/stages.ts';
import type { Numbers, TimeMachine } from '../machine.svelte.ts';
import type { Moment } from '../moments.ts';

/** The layer of the moment, forward and backward alike. */
export function layerOf({ view }: Pick<TimeMachine, 'view'>, moment: Moment): LayerStage | undefined {
  const stage = view?.stages[moment.stage];
  return stage?.phase === 'forward' || stage?.phase === 'backward' ? stage : undefined;
}

export const isOfLayer = ({ phase }: Moment): boolean => phase === 'forward' || phase === 'backward';

export const weightOf = ({ weights }: LayerStage, name: string): WeightRef | undefined => weights.find((own) => own.name === name);
export const insideOf = ({ inside }: LayerStage, name: string): readonly TensorRef[] => inside.filter((own) => own.name === name);

/** Before the activation; of a linear layer that is what it gives. */
export const preActivationOf = (stage: LayerStage): TensorRef => insideOf(stage, 'preActivation')[0] ?? stage.output;

/** What a view shows of a value: itself forward, its gradient backward. */
export const shownId = (ref: TensorRef, moment: Moment): number | undefined => (moment.phase === 'backward' ? ref.gradient : ref.id);

export interface ProductTerm {
  readonly index: number;
  readonly left: number;
  readonly right: number;
  readonly product: number;
}

/** left[i] · right[i], the largest first, and the sum of those that are not listed. */
export function largestProducts(
  left: ArrayLike<number>,
  right: ArrayLike<number>,
  limit: number,
): { readonly terms: readonly ProductTerm[]; readonly restCount: number; readonly restSum: number } {
  const all = Array.from({ length: left.length }, (_, index): ProductTerm => {
    const [a, b] = [left[index]!, right[index]!];
    return { index, left: a, right: b, product: a * b };
  }).sort((a, b) => Math.abs(b.product) - Math.abs(a.product));
  const rest = all.slice(limit);
  return { terms: all.slice(0, limit), restCount: rest.length, restSum: rest.reduce((sum, { product }) => sum + product, 0) };
}

/** Part of what was read; empty values while it is not. */
export const stretch = (numbers: Numbers | undefined, start: number, count: number): Numbers | undefined =>
  numbers?.subarray(start, start + count);

/** Where the largest number stands, 0 where there is none yet: what is shown first. */
export function largestOf(numbers: ArrayLike<number> | undefined): number {
  let best = 0;
  for (let i = 1; i < (numbers?.length ?? 0); i++) if (numbers![i]! > numbers![best]!) best = i;
  return best;
}
