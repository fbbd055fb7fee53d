/**
 * Index arithmetic of the fusing planner: every access is offset + Σ coefficient · loop index. An axis can be split in two
 * after expressions over it were made; they are resolved to the parts when read. So a reshape becomes an index map
 * wherever its sizes divide, and never a division at run time.
 */
import { rowMajorStrides } from '../ops/shapes.ts';

/** A loop axis under construction. */
export interface Axis {
  readonly size: number;
  /** index = outer · inner.size + inner */
  parts?: readonly [outer: Axis, inner: Axis];
}

export interface Expression {
  readonly offset: number;
  /** Coefficients; none is 0. */
  readonly terms: ReadonlyMap<Axis, number>;
}

export const zero: Expression = { offset: 0, terms: new Map() };

export function axisIndex(axis: Axis): Expression {
  return axis.size === 1 ? zero : { offset: 0, terms: new Map([[axis, 1]]) };
}

/** Σ factor · expression + offset */
export function combine(parts: readonly (readonly [Expression, number])[], offset = 0): Expression {
  const [only] = parts;
  if (parts.length === 1 && only![1] === 1) return offset === 0 ? only![0] : { offset: only![0].offset + offset, terms: only![0].terms };
  const terms = new Map<Axis, number>();
  let total = offset;
  for (const [expression, factor] of parts) {
    total += expression.offset * factor;
    if (expression.terms.size === 0) continue;
    for (const [axis, coefficient] of expression.terms) {
      const sum = (terms.get(axis) ?? 0) + coefficient * factor;
      if (sum === 0) terms.delete(axis);
      else terms.set(axis, sum);
    }
  }
  return { offset: total, terms };
}

/** The same over unsplit axes only. */
export function resolve(expression: Expression): Expression {
  let whole = true;
  for (const axis of expression.terms.keys()) if (axis.parts !== undefined) whole = false;
  if (whole) return expression;
  const terms = new Map<Axis, number>();
  const add = (axis: Axis, coefficient: number): void => {
    if (axis.parts === undefined) {
      if (axis.size === 1) return;
      const sum = (terms.get(axis) ?? 0) + coefficient;
      if (sum === 0) terms.delete(axis);
      else terms.set(axis, sum);
    } else {
      const [outer, inner] = axis.parts;
      add(outer, coefficient * inner.size);
      add(inner, coefficient);
    }
  };
  for (const [axis, coefficient] of expression.terms) add(axis, coefficient);
  return { offset: expression.offset, terms };
}

export function sameExpression(a: Expression, b: Expression): boolean {
  const left = resolve(a);
  const right = resolve(b);
  if (left.offset !== right.offset || left.terms.size !== right.terms.size) return false;
  for (const [axis, coefficient] of left.terms) if (right.terms.get(axis) !== coefficient) return false;
  return true;
}

/** Unsplit parts, outermost first. */
export function leaves(axis: Axis): Axis[] {
  return axis.parts === undefined ? [axis] : axis.parts.flatMap(leaves);
}

/** Flat row-major index of coordinates. */
export function flatten(coordinates: readonly Expression[], shape: readonly number[]): Expression {
  const strides = rowMajorStrides(shape);
  return combine(coordinates.map((coordinate, axis) => [coordinate, strides[axis]!] as const));
}

/**
 * Coordinates within `shape` of a flat row-major index; splits axes that cross a boundary between dimensions.
 * Undefined where the index has no such form (a carry between dimensions, a size that doesn't divide).
 */
export function unflatten(flat: Expression, shape: readonly number[]): Expression[] | undefined {
  const strides = rowMajorStrides(shape);
  for (;;) {
    const { offset, terms } = resolve(flat);
    const coordinates = shape.map(() => new Map<Axis, number>());
    const largest = shape.map(() => 0);
    const offsets = shape.map(() => 0);
    if (offset < 0) return undefined;
    let rest = offset;
    shape.forEach((size, i) => {
      if (size === 0) return;
      offsets[i] = Math.floor(rest / strides[i]!);
      rest %= strides[i]!;
    });
    let split = false;
    for (const [axis, coefficient] of terms) {
      if (coefficient < 0 || axis.size === 0) return undefined;
      // The dimension whose stride is the largest that fits in the coefficient.
      const i = strides.findIndex((stride, d) => stride <= coefficient && shape[d]! > 1);
      if (i < 0) return undefined;
      const stride = strides[i]!;
      if (coefficient % stride !== 0) return undefined;
      const span = stride * shape[i]!;
      if (coefficient * (axis.size - 1) >= span) {
        const inner = span / coefficient;
        if (!Number.isInteger(inner) || axis.size % inner !== 0 || inner === 1) return undefined;
        splitAxis(axis, inner);
        split = true;
        break;
      }
      coordinates[i]!.set(axis, coefficient / stride);
      largest[i]! += (coefficient / stride) * (axis.size - 1);
    }
    if (split) continue;
    if (shape.some((size, i) => size > 0 && offsets[i]! + largest[i]! >= size)) return undefined;
    return shape.map((_, i) => ({ offset: offsets[i]!, terms: coordinates[i]! }));
  }
}

function splitAxis(axis: Axis, inner: number): void {
  axis.parts = [{ size: axis.size / inner }, { size: inner }];
}

/** Smallest and largest value. */
export function bounds(expression: Expression): readonly [number, number] {
  let low = expression.offset;
  let high = expression.offset;
  for (const [axis, coefficient] of expression.terms) {
    const reach = coefficient * Math.max(0, axis.size - 1);
    if (reach < 0) low += reach;
    else high += reach;
  }
  return [low, high];
}
