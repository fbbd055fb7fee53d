/**
 * Reference of `contract`. Letters fall into four groups (batch, free left, free right, summed), so that every Einstein
 * summation is a stack of matrix products C(m, n) = Σk A(m, k) · B(n, k), whatever the strides. Blocks of A and B are
 * packed into dense float64 scratch and multiplied in 4×2 tiles held in registers (Goto & van de Geijn, Anatomy of
 * High-Performance Matrix Multiplication, 2008). Each sum runs over k in order in double precision.
 */
import type { SlotData } from '../engines/engine.ts';
import type { OpAttrs } from '../program/program.ts';
import type { Scratch, Tensor } from './defineOp.ts';
import { rowMajorStrides } from './shapes.ts';
import { offsetTable } from './strided.ts';

const tileRows = 4;
const tileColumns = 2;
/** Elements of the packed block of B: 256 KiB, which stays in a second-level cache. */
const panelElements = 32_768;

/** Offsets of each index of a group of letters in one tensor. */
function groupOffsets(group: string, letters: string, tensor: Tensor, sizes: ReadonlyMap<string, number>): Int32Array {
  const strides = rowMajorStrides(tensor.type.shape);
  const stride = (letter: string) => strides[letters.indexOf(letter)] ?? 0;
  return offsetTable(
    [...group].map((letter) => sizes.get(letter)!),
    [...group].map(stride),
  );
}

function filterLetters(letters: string, test: (letter: string) => boolean): string {
  return [...letters].filter(test).join('');
}

export function prepareContract(
  attrs: OpAttrs['contract'],
  inputs: readonly [Tensor, Tensor],
  output: Tensor,
  scratch: Scratch,
): () => void {
  const sizes = new Map<string, number>();
  [...attrs.left].forEach((letter, axis) => sizes.set(letter, inputs[0].type.shape[axis]!));
  [...attrs.right].forEach((letter, axis) => sizes.set(letter, inputs[1].type.shape[axis]!));
  const { left, right, out } = attrs;
  const batch = filterLetters(out, (letter) => left.includes(letter) && right.includes(letter));
  const summed = filterLetters(left, (letter) => !out.includes(letter));
  const offsets = (group: string, letters: string, tensor: Tensor) => groupOffsets(group, letters, tensor, sizes);
  const side = (letters: string, tensor: Tensor) => {
    const free = filterLetters(letters, (letter) => out.includes(letter) && !batch.includes(letter));
    return {
      data: tensor.data,
      batch: offsets(batch, letters, tensor),
      free: offsets(free, letters, tensor),
      summed: offsets(summed, letters, tensor),
      out: offsets(free, out, output),
    };
  };
  const sides = [side(left, inputs[0]), side(right, inputs[1])] as const;
  // The longer side is packed tile by tile, the shorter one stays in cache as a panel.
  const [a, b] = sides[0].free.length >= sides[1].free.length ? sides : [sides[1], sides[0]];
  const c = output.data;
  const outBatch = offsets(batch, out, output);
  const rows = a.free.length;
  const columns = b.free.length;
  const depth = a.summed.length;
  const panelColumns = Math.max(
    tileColumns,
    Math.min(roundUp(columns, tileColumns), roundDown(panelElements / Math.max(depth, 1), tileColumns)),
  );
  const panelSize = panelColumns * depth;
  scratch.reserve(panelSize + tileRows * depth);

  return () => {
    const packed = scratch.array;
    for (let z = 0; z < outBatch.length; z++) {
      for (let n0 = 0; n0 < columns; n0 += panelColumns) {
        const n1 = Math.min(n0 + panelColumns, columns);
        for (let n = n0; n < n1; n += tileColumns) {
          packColumns(b.data, b.batch[z]!, b.free, n, b.summed, packed, (n - n0) * depth);
        }
        for (let m = 0; m < rows; m += tileRows) {
          packRows(a.data, a.batch[z]!, a.free, m, a.summed, packed, panelSize);
          for (let n = n0; n < n1; n += tileColumns) {
            multiplyTile(packed, panelSize, (n - n0) * depth, depth, c, outBatch[z]!, a.out, m, b.out, n);
          }
        }
      }
    }
  };
}

function roundUp(n: number, multiple: number): number {
  return Math.ceil(n / multiple) * multiple;
}

function roundDown(n: number, multiple: number): number {
  return Math.floor(n / multiple) * multiple;
}

/** packed[k, 0..1] = data at columns n, n + 1; past the edge the last column repeats and its products are dropped. */
function packColumns(
  data: SlotData,
  start: number,
  free: Int32Array,
  n: number,
  summed: Int32Array,
  packed: Float64Array,
  at: number,
): void {
  const p = start + free[n]!;
  const q = start + free[Math.min(n + 1, free.length - 1)]!;
  for (let k = 0, t = at; k < summed.length; k++, t += tileColumns) {
    const offset = summed[k]!;
    packed[t] = data[p + offset]!;
    packed[t + 1] = data[q + offset]!;
  }
}

/** packed[k, 0..3] = data at rows m..m + 3. */
function packRows(data: SlotData, start: number, free: Int32Array, m: number, summed: Int32Array, packed: Float64Array, at: number): void {
  const last = free.length - 1;
  const p0 = start + free[m]!;
  const p1 = start + free[Math.min(m + 1, last)]!;
  const p2 = start + free[Math.min(m + 2, last)]!;
  const p3 = start + free[Math.min(m + 3, last)]!;
  for (let k = 0, t = at; k < summed.length; k++, t += tileRows) {
    const offset = summed[k]!;
    packed[t] = data[p0 + offset]!;
    packed[t + 1] = data[p1 + offset]!;
    packed[t + 2] = data[p2 + offset]!;
    packed[t + 3] = data[p3 + offset]!;
  }
}

/** Rows m..m + 3 by columns n, n + 1. */
function multiplyTile(
  packed: Float64Array,
  rowsAt: number,
  columnsAt: number,
  depth: number,
  c: SlotData,
  start: number,
  rowOut: Int32Array,
  m: number,
  columnOut: Int32Array,
  n: number,
): void {
  let c00 = 0,
    c10 = 0,
    c20 = 0,
    c30 = 0;
  let c01 = 0,
    c11 = 0,
    c21 = 0,
    c31 = 0;
  for (let k = 0, p = rowsAt, q = columnsAt; k < depth; k++, p += tileRows, q += tileColumns) {
    const a0 = packed[p]!,
      a1 = packed[p + 1]!,
      a2 = packed[p + 2]!,
      a3 = packed[p + 3]!;
    const b0 = packed[q]!,
      b1 = packed[q + 1]!;
    c00 += a0 * b0;
    c10 += a1 * b0;
    c20 += a2 * b0;
    c30 += a3 * b0;
    c01 += a0 * b1;
    c11 += a1 * b1;
    c21 += a2 * b1;
    c31 += a3 * b1;
  }
  const rows = rowOut.length - m;
  const at0 = start + columnOut[n]!;
  c[at0 + rowOut[m]!] = c00;
  if (rows > 1) c[at0 + rowOut[m + 1]!] = c10;
  if (rows > 2) c[at0 + rowOut[m + 2]!] = c20;
  if (rows > 3) c[at0 + rowOut[m + 3]!] = c30;
  if (n + 1 === columnOut.length) return;
  const at1 = start + columnOut[n + 1]!;
  c[at1 + rowOut[m]!] = c01;
  if (rows > 1) c[at1 + rowOut[m + 1]!] = c11;
  if (rows > 2) c[at1 + rowOut[m + 2]!] = c21;
  if (rows > 3) c[at1 + rowOut[m + 3]!] = c31;
}
