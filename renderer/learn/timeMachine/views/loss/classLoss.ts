import type { TensorRef } from '../../../../../core/explain/stages.ts';
import type { Moment } from '../../moments.ts';

const countOf = ({ shape }: TensorRef): number => shape.reduce((all, size) => all * size, 1);

/** One sample whose target is one of several classes, with scores that the loss turns into probabilities. */
export function isClassLoss({ kind, shown }: Moment): boolean {
  const [scores, probabilities, target] = shown.map(({ ref }) => ref);
  if (kind !== 'loss' || shown.length !== 4 || target === undefined) return false;
  return target.dtype === 'i32' && countOf(target) === 1 && countOf(scores!) > 1 && countOf(scores!) === countOf(probabilities!);
}

/**
 * The classes to show, in their own order: all of few, else the most probable and the true one.
 * @param probabilities by class
 * @param target the true class
 */
export function shownClasses(probabilities: ArrayLike<number>, target: number, most = 12): number[] {
  const all = Array.from({ length: probabilities.length }, (_, i) => i);
  if (all.length <= most) return all;
  const best = all.toSorted((a, b) => probabilities[b]! - probabilities[a]!).slice(0, most);
  return [...new Set([...best.slice(0, best.includes(target) ? most : most - 1), target])].sort((a, b) => a - b);
}
