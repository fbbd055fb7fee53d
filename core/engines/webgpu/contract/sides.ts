/** A contraction as a matrix product of rows and columns, whichever operand is which. */
import type { ContractKernel } from '../../../plan/kernelProgram.ts';
import type { Place } from '../shader.ts';
import { countOf, hasFours, liesAtFours, type Axes } from './groups.ts';

/** How an operand is read: four neighbours at a time along k or along its own index, or one element at a time. */
export type Reading = 'depth' | 'major' | 'single';

export interface Side {
  readonly tensor: 'left' | 'right';
  readonly buffer: number;
  /** m or n. */
  readonly axes: Axes;
  readonly count: number;
  readonly reading: Reading;
}

export interface Sides {
  readonly rows: Side;
  readonly columns: Side;
  /** Rows are n and columns m. */
  readonly swapped: boolean;
}

/** Columns go to neighbouring threads, so few of them beside many rows become the rows. */
const fewColumns = 8;

export function readSides(kernel: ContractKernel, place: Place): Sides {
  const side = (tensor: 'left' | 'right', buffer: number, axes: Axes): Side => {
    return { tensor, buffer, axes, count: countOf(axes), reading: readingOf(kernel, place, tensor, buffer, axes) };
  };
  const left = side('left', 0, kernel.m);
  const right = side('right', 1, kernel.n);
  const swapped = right.count < fewColumns && left.count > right.count;
  return swapped ? { rows: right, columns: left, swapped } : { rows: left, columns: right, swapped };
}

function readingOf({ buffers, batch, k }: ContractKernel, place: Place, tensor: 'left' | 'right', buffer: number, majors: Axes): Reading {
  if (place(buffers[buffer]!).byteOffset % 16 !== 0 || !liesAtFours(batch, tensor)) return 'single';
  if (hasFours(k, tensor) && liesAtFours(k, tensor, true) && liesAtFours(majors, tensor)) return 'depth';
  if (hasFours(majors, tensor) && liesAtFours(majors, tensor, true) && liesAtFours(k, tensor)) return 'major';
  return 'single';
}
