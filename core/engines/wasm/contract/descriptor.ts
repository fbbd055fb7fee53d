/**
 * Layout of the contraction descriptor: a block of i32 words in the engine's memory, read by the WebAssembly kernels
 * and by the native accelerator (`electron/native`, which repeats these indices). One contraction is
 *
 *   for z in 0..batch, m in 0..rows, n in 0..columns:
 *     C[cBatch[z] + cRow[m] + cColumn[n]] = Σ over k in 0..depth of
 *       A[aBatch[z] + aRow[m] + aDepth[k]] · B[bBatch[z] + bColumn[n] + bDepth[k]]
 *
 * A, B, C are f32; base addresses are bytes from the start of the memory. Each offset function stands twice: as a stride
 * in bytes where it is `index · stride`, else `irregular`; and always as the address of a table of byte offsets, one i32
 * per index. C never overlaps A or B. Offsets may repeat in A and B (windows of a convolution), never in C.
 *
 * Units, the pieces the threads share, are row tiles (z, m / unitRows) or, where `unitColumns` > 0, column tiles
 * n / unitColumns of a contraction with batch = 1. A call computes units [from, to) completely. The order of each sum
 * depends on shapes and strides alone, never on how units are split.
 */

/** In place of a stride: use the table. No stride is this number, because all are multiples of 4. */
export const irregular = -1;

/** Index of each word. */
export const descriptorWords = {
  batch: 0,
  rows: 1,
  columns: 2,
  depth: 3,
  /** Byte addresses of the operands. */
  a: 4,
  b: 5,
  c: 6,
  /** Strides in bytes, or `irregular`. */
  aBatchStride: 7,
  bBatchStride: 8,
  cBatchStride: 9,
  aRowStride: 10,
  aDepthStride: 11,
  bColumnStride: 12,
  bDepthStride: 13,
  cRowStride: 14,
  cColumnStride: 15,
  /** Addresses of tables of byte offsets: i32[batch], ... */
  aBatchTable: 16,
  bBatchTable: 17,
  cBatchTable: 18,
  /** i32[rows] */
  aRowTable: 19,
  /** i32[depth] */
  aDepthTable: 20,
  /** i32[columns] */
  bColumnTable: 21,
  /** i32[depth] */
  bDepthTable: 22,
  /** i32[rows] */
  cRowTable: 23,
  /** i32[columns] */
  cColumnTable: 24,
  /** Rows of a unit; the last unit of each z may be shorter. */
  unitRows: 25,
  /** Columns of a unit, 0 where units are rows. */
  unitColumns: 26,
  /** Which WebAssembly kernel; the accelerator ignores it. */
  method: 27,
  /** Depth is summed in blocks of this many, each block's sum added to C; the accelerator may choose its own. */
  depthBlock: 28,
  /** Function table index and arguments of the row epilogue, −1 where there is none; called by WebAssembly only. */
  epilogue: 29,
  epilogueArgs: 30,
} as const;

export const descriptorLength = 32;
