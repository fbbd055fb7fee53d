/**
 * Loops over strided regions, prepared once: neighbouring axes that lie densely are merged, the last axis is the inner
 * loop, the outer axes become tables of offsets. A prepared loop allocates nothing.
 */
import type { SlotData } from '../engines/engine.ts';
import { elementCount } from './shapes.ts';

/** A way to walk a tensor: for each axis its size and the distance of neighbours in one or two arrays. */
export interface Walk {
  /** Offsets of every combination of the outer axes. */
  readonly outer: readonly Int32Array[];
  readonly innerSize: number;
  readonly innerStrides: readonly number[];
}

/** Offsets of every index of `shape`, in row-major order. */
export function offsetTable(shape: readonly number[], strides: readonly number[], start = 0): Int32Array {
  const table = new Int32Array(elementCount(shape));
  if (table.length === 0) return table;
  table[0] = start;
  let filled = 1;
  // From the last axis outwards: repeat what is filled, moved by the axis's stride.
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const block = filled;
    for (let i = 1; i < shape[axis]!; i++) {
      for (let j = 0; j < block; j++) table[filled++] = table[j]! + i * strides[axis]!;
    }
  }
  return table;
}

/** Splits axes into offset tables and one inner loop; `strides` and `starts` have one entry per array. */
export function walk(shape: readonly number[], strides: readonly (readonly number[])[], starts: readonly number[] = []): Walk {
  const sizes: number[] = [];
  const merged: number[][] = strides.map(() => []);
  shape.forEach((size, axis) => {
    if (size === 1) return;
    const last = sizes.length - 1;
    const dense = last >= 0 && strides.every((own, array) => merged[array]![last] === own[axis]! * size);
    if (dense) sizes[last]! *= size;
    else sizes.push(size);
    strides.forEach((own, array) => {
      merged[array]![sizes.length - 1] = own[axis]!;
    });
  });
  const innerSize = sizes.pop() ?? 1;
  const innerStrides = merged.map((own) => own[sizes.length] ?? 0);
  return {
    outer: merged.map((own, array) => offsetTable(sizes, own, starts[array] ?? 0)),
    innerSize,
    innerStrides,
  };
}

export interface Region {
  readonly data: SlotData;
  readonly start: number;
  readonly strides: readonly number[];
}

/** Copies a region of `shape` elementwise. */
export function prepareCopy(shape: readonly number[], source: Region, target: Region): () => void {
  const { outer, innerSize, innerStrides } = walk(shape, [source.strides, target.strides], [source.start, target.start]);
  const [fromTable, toTable] = outer as [Int32Array, Int32Array];
  const [fromStep, toStep] = innerStrides as [number, number];
  const from = source.data;
  const to = target.data;
  return () => {
    for (let o = 0; o < fromTable.length; o++) {
      let p = fromTable[o]!;
      let q = toTable[o]!;
      for (let i = 0; i < innerSize; i++, p += fromStep, q += toStep) to[q] = from[p]!;
    }
  };
}
