/** Groups of axes in WGSL: flat indices decoded into offsets with constants in the text. */
import type { ContractAxis } from '../../../plan/kernelProgram.ts';

export type Tensor = 'left' | 'right' | 'out';
export type Axes = readonly ContractAxis[];

export function countOf(axes: Axes): number {
  return axes.reduce((total, axis) => total * axis.size, 1);
}

/** WGSL u32 expression, in elements: where flat index `index` of a group lies in a tensor. */
export function offsetOf(axes: Axes, tensor: Tensor, index: string): string {
  let inner = countOf(axes);
  if (inner === 0) return '0u';
  const terms: string[] = [];
  axes.forEach((axis, i) => {
    inner /= axis.size;
    if (axis.size === 1 || axis[tensor] === 0) return;
    const quotient = inner === 1 ? index : `${index} / ${inner}u`;
    const isOutermost = axes.slice(0, i).every(({ size }) => size === 1);
    const digit = isOutermost ? quotient : `(${quotient}) % ${axis.size}u`;
    terms.push(axis[tensor] === 1 ? digit : `(${digit}) * ${axis[tensor]}u`);
  });
  return terms.length === 0 ? '0u' : terms.map((term) => `(${term})`).join(' + ');
}

/** The offset of one index. */
export function offsetAt(axes: Axes, tensor: Tensor, index: number): number {
  let rest = index;
  let offset = 0;
  for (const axis of axes.toReversed()) {
    offset += (rest % axis.size) * axis[tensor];
    rest = Math.floor(rest / axis.size);
  }
  return offset;
}

/** Offsets of `count` neighbours from the first of them, if they are the same wherever a multiple of `count` begins. */
export function neighbourOffsets(axes: Axes, tensor: Tensor, count: number): number[] | undefined {
  const sizes = axes.filter(({ size }) => size > 1);
  const isEven = sizes.length <= 1 || isAligned(sizes, count);
  if (!isEven) return undefined;
  // One axis goes on evenly, also past its end.
  const only = sizes.length === 1 ? sizes[0] : undefined;
  return Array.from({ length: count }, (_, i) => (only === undefined ? offsetAt(sizes, tensor, i) : i * only[tensor]));
}

/** Whether blocks of `count` never begin in one index of an axis and end in another, but for whole inner axes. */
function isAligned(axes: Axes, count: number): boolean {
  let inner = 1;
  for (const { size } of axes.toReversed()) {
    if (count <= inner * size) return count % inner === 0 && size % (count / inner) === 0;
    inner *= size;
  }
  return false;
}

/** Whether neighbouring indices, from each multiple of 4, are four neighbours in the tensor. */
export function hasFours(axes: Axes, tensor: Tensor): boolean {
  const offsets = neighbourOffsets(axes, tensor, 4);
  return offsets !== undefined && countOf(axes) > 1 && offsets.every((offset, i) => offset === i);
}

/** Whether all indices of a group, or those that are multiples of 4 in a group of fours, lie at multiples of 4. */
export function liesAtFours(axes: Axes, tensor: Tensor, inFours = false): boolean {
  const sizes = axes.filter(({ size }) => size > 1);
  return sizes.every((axis, i) => axis[tensor] % 4 === 0 || (inFours && i === sizes.length - 1 && axis[tensor] === 1));
}
