/**
 * A program as an engine runs it: few fused kernels in order over one arena and the slots. Shapes and fusion alone decide
 * what a kernel does and in which order it sums; how many threads share its units never does.
 *
 * A kernel becomes a function of (args, from, to): `args[i]` is the absolute byte address of `buffers[i]`, and the units
 * [from, to) are done. Units never touch each other's results, so any split of them over threads gives the same bits.
 */
import type { LoopBody } from './loopBody.ts';

/**
 * Where bytes lie. `slot`: from the start of the slots (see `layoutSlots`); `arena`: from the start of the arena.
 * The others are blocks at fixed addresses that the engine fills before a step:
 * `rows` this step's row indices, i32 × batchSize; `scalars` this step's scalars, f32 × scalarNames;
 * `step` Philox key (2 words) and step number (low, high word); `status` two words, 0 until a kernel finds an index
 * outside its table and writes 1 and the index.
 */
export type Region = 'slot' | 'arena' | 'rows' | 'scalars' | 'step' | 'status';

export interface BufferRef {
  readonly region: Region;
  /** The slot's name, in region `slot`. */
  readonly slot?: string;
  readonly byteOffset: number;
  readonly byteLength: number;
}

export interface KernelBase {
  /** For people: `sum, exp, divide`. */
  readonly title: string;
  /** The layer node most of it comes from. */
  readonly node?: string;
  readonly buffers: readonly BufferRef[];
  /** Indices into `buffers` that are written; all others are only read. */
  readonly writes: readonly number[];
  /** Must wait until all kernels before it are done; otherwise it may run beside those since the last barrier. */
  readonly barrier: boolean;
  /** Multiply-adds count 2, any other function of an element 1. */
  readonly flops: number;
  /** Bytes read and written. */
  readonly bytes: number;
}

/** Elementwise chains, reductions, several passes over a row, with any number of stores. */
export interface LoopKernel extends KernelBase {
  readonly kind: 'loop';
  /** All that decides the code; equal bodies share one function. */
  readonly body: LoopBody;
  readonly units: number;
  /** About how many nanoseconds a unit takes on one core. */
  readonly costPerUnit: number;
}

/**
 * Sums or maxima of rows by segment, in the order of the rows: buffers are values (rows, columns) f32, segments (rows)
 * i32, output (segmentCount, columns), status. A unit is `columnBlock` columns.
 */
export interface SegmentKernel extends KernelBase {
  readonly kind: 'segment';
  readonly fn: 'sum' | 'max';
  readonly rows: number;
  readonly columns: number;
  readonly columnBlock: number;
  readonly segmentCount: number;
  readonly units: number;
  readonly costPerUnit: number;
}

/** One axis of a contraction with its distance of neighbours, in elements, in each tensor; 0 where the tensor lacks it. */
export interface ContractAxis {
  readonly size: number;
  readonly left: number;
  readonly right: number;
  readonly out: number;
}

/**
 * out[batch, m, n] = epilogue(Σk left[batch, m, k] · right[batch, n, k]), all f32. Each group is a list of axes, outermost
 * first, already merged where all three tensors allow; an empty list is one index. Strides may overlap (windows of a
 * convolution are an m axis and a k axis over the same rows) but are never negative. n holds out's innermost axis.
 * `buffers[0]` left, `buffers[1]` right, `buffers[2]` out where `storesResult`; what the epilogue needs follows.
 * The number of units is the engine's choice, from the sizes alone.
 */
export interface ContractKernel extends KernelBase {
  readonly kind: 'contract';
  readonly batch: readonly ContractAxis[];
  readonly m: readonly ContractAxis[];
  readonly n: readonly ContractAxis[];
  readonly k: readonly ContractAxis[];
  /** False where only the epilogue needs the sums: they need not be written anywhere but where the epilogue reads them. */
  readonly storesResult: boolean;
  readonly epilogue?: Epilogue;
}

/**
 * Elementwise work on a finished tile of sums: a function of (args, batch, m0, m1, n0, n1, tile, tileStride), where
 * `batch`, m and n are flat indices within their groups, `tile` is the byte address of the sum at (m0, n0), n is
 * contiguous and m is `tileStride` bytes apart. Calls for different tiles are independent. It does not write to the tile.
 */
export interface Epilogue {
  readonly body: LoopBody;
  /** How many of the body's outer axes, from the first, belong to batch and to m; the last, at most one, is n. */
  readonly batchAxes: number;
  readonly mAxes: number;
}

export type Kernel = LoopKernel | SegmentKernel | ContractKernel;

/** After the last kernel of a step, in order: copies bytes to the slot, or to the next row of a ring, advancing its cursor. */
export interface KernelStore {
  readonly slot: string;
  readonly mode: 'replace' | 'append';
  readonly source: BufferRef;
}

export interface KernelProgram {
  readonly name: string;
  readonly batchSize: number;
  readonly readsRows: boolean;
  readonly scalarNames: readonly string[];
  readonly kernels: readonly Kernel[];
  readonly stores: readonly KernelStore[];
  readonly arenaBytes: number;
  /** Largest index + 1 that rows may hold: all tables they index have at least so many rows; Infinity where none. */
  readonly rowLimit: number;
}
