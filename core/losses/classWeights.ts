/** Weights of the classes in a loss: none, balanced by how rare each is in the training part, or written out. */
import { raise } from '../problem.ts';
import type { Builder, Value } from '../program/builder.ts';

export const classWeightsSpec = {
  kind: 'text',
  label: 'Class weights',
  doc: '"none"; "balanced": rare classes count more, so that every class weighs the same in all (rows ÷ (classes · rows of the class)); or one number per class, such as "1, 4".',
  default: 'none',
  placeholder: 'none, balanced or 1, 4',
} as const;

/** Weights become constants of the program: fine for classes, not for a vocabulary. */
const mostClasses = 1000;

export function namesWeights(text: string): boolean {
  return !['', 'none'].includes(text.trim().toLowerCase());
}

/**
 * @param classCounts rows of the training part by class
 * @returns undefined where every class counts the same
 * @throws ProblemError for a text that names no weights, or not as many as there are classes
 */
export function parseClassWeights(text: string, classes: number, classCounts?: readonly number[]): number[] | undefined {
  const wanted = text.trim().toLowerCase();
  const where = { kind: 'config', path: 'loss.classWeights' } as const;
  if (!namesWeights(text)) return undefined;
  if (classes > mostClasses) {
    raise({
      code: 'loss.manyClasses',
      message: `Class weights are for up to ${mostClasses} classes, got ${classes}.`,
      where,
      hint: 'Set them to none.',
      fixes: [{ kind: 'setConfig', label: 'Set class weights to none', path: 'loss.classWeights', value: 'none' }],
    });
  }
  if (wanted === 'balanced') {
    if (classCounts === undefined) return Array.from({ length: classes }, () => 1);
    const rows = classCounts.reduce((sum, count) => sum + count, 0);
    // A class that the training part has no row of never asks for its weight.
    return Array.from({ length: classes }, (_, c) => rows / (classes * Math.max(1, classCounts[c] ?? 0)));
  }
  const weights = wanted.split(/[\s,;]+/).map(Number);
  const good =
    weights.length === classes && weights.every((weight) => Number.isFinite(weight) && weight >= 0) && weights.some((w) => w > 0);
  if (!good) {
    raise({
      code: 'loss.classWeights',
      message: `Class weights: expected none, balanced, or ${classes} numbers of at least 0, got "${text}".`,
      where,
      fixes: [{ kind: 'setConfig', label: 'Set class weights to balanced', path: 'loss.classWeights', value: 'balanced' }],
    });
  }
  return weights;
}

/** The classes' weights as a value, (classes). */
export function weightVector(b: Builder, weights: readonly number[]): Value {
  return b.concat(
    weights.map((weight) => b.constant(weight, [1])),
    0,
  );
}
