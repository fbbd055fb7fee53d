/**
 * Layout of the contraction descriptor: a block of i32 words in the engine's memory, read by the WebAssembly kernels
 * and by the native accelerator (`electron/native`, which repeats these indices). One contraction is
 *
 *   for z in 0..batch, m in 0..rows, n in 0..columns:
 *     C[z, m, n] = Σ over k in 0..depth of
 *       A[aBatch[z] + aRow[m] + aDepth[k]] · B[bBatch[z] + bColumn[n] + bDepth[k]]
 *
 * A, B, C are f32; base addresses are bytes from the start of the memory. Each offset function stands twice: as a stride
 * in bytes where it is `index · stride`, else `irregular`; and always as the address of a table of byte offsets, one i32
 * per index. C never overlaps A or B. Offsets may repeat in A and B (windows of a convolution).
 *
 * The work is done region by region: `regionWords` names one batch index, a range of rows and of columns, and where its
 * result goes: element (m, n) at `c + (m − m0) · cRowStride + (n − n0) · 4`, all of its depth, overwriting what is there.
 * The order of each sum depends on the descriptor's shapes and strides alone, never on the region.
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
  /** Strides in bytes, or `irregular`. */
  aBatchStride: 6,
  bBatchStride: 7,
  aRowStride: 8,
  aDepthStride: 9,
  bColumnStride: 10,
  bDepthStride: 11,
  /** Addresses of tables of byte offsets: i32[batch], i32[batch], i32[rows], i32[depth], i32[columns], i32[depth]. */
  aBatchTable: 12,
  bBatchTable: 13,
  aRowTable: 14,
  aDepthTable: 15,
  bColumnTable: 16,
  bDepthTable: 17,
  /** Depths are neighbours in A and in B, run after run of this length, which divides the depth; 0 where they are not. */
  depthRun: 18,
} as const;

/** Words from here on belong to the WebAssembly kernels; the accelerator ignores them. */
export const descriptorSharedLength = 24;
/** Columns whose offsets in B are neighbours, run after run of this length; 0 where they are not. */
export const columnRunWord = 24;
export const descriptorLength = 32;

/** Index of each word of the region block, one per thread. */
export const regionWords = {
  /** Address of the descriptor. */
  descriptor: 0,
  batchIndex: 1,
  rowStart: 2,
  rowEnd: 3,
  columnStart: 4,
  columnEnd: 5,
  /** Byte address of the region's first result, and the distance of rows in bytes. */
  c: 6,
  cRowStride: 7,
} as const;

export const regionLength = 8;
