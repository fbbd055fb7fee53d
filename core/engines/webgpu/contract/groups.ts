/** Groups of axes in WGSL: flat indices decoded into offsets with constants in the text. */
import type { ContractAxis } from '../../../plan/kernelProgram.ts';

export type Tensor = 'left' | 'right' | 'out';

export function countOf(axes: readonly ContractAxis[]): number {
  return axes.reduce((total, axis) => total * axis.size, 1);
}

/** WGSL u32 expression, in elements: where flat index `index` of a group lies in a tensor. */
export function offsetOf(axes: readonly ContractAxis[], tensor: Tensor, index: string): string {
  const terms: string[] = [];
  let inner = countOf(axes);
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
