/** From a contraction of the plan to a kernel call: the descriptor, the method its strides allow, and the regions. */
import { offsetTable } from '../../../ops/strided.ts';
import type { BufferRef, ContractAxis, ContractKernel } from '../../../plan/kernelProgram.ts';
import type { KernelArg, KernelCall, KernelFunction } from '../kernelFunction.ts';
import { columnRunWord, descriptorLength, descriptorWords, irregular } from './descriptor.ts';
import { contractArgCount, contractArgs, contractFunction } from './driver.ts';
import { tileHeight } from './micro.ts';
import { isPacked, scratchOffsets, type AMode, type BMode, type Method } from './region.ts';

export interface ContractOptions {
  /** Regions are handed to the accelerator. */
  readonly native: boolean;
  /** That may share it; default 1. */
  readonly threads?: number;
}

type Tensor = 'left' | 'right' | 'out';

/** Offsets of one tensor over the indices of one group of axes, in bytes. */
interface Offsets {
  readonly table: Int32Array;
  /** Distance of neighbours, or `irregular`. */
  readonly stride: number;
  /** At most one index, so that any stride would do. */
  readonly isSingle: boolean;
  /** Four by four neighbours from the start. */
  readonly hasRuns: boolean;
  /** Neighbours in runs of this length, all equally long; 0 where they are not. */
  readonly run: number;
}

function offsetsOf(axes: readonly ContractAxis[], tensor: Tensor): Offsets {
  const table = offsetTable(
    axes.map(({ size }) => size),
    axes.map((axis) => 4 * axis[tensor]),
  );
  const stride = table.length > 1 ? table[1]! - table[0]! : 0;
  const isUniform = table.every((offset, i) => offset === i * stride);
  const hasRuns = table.every((offset, i) => i % 4 === 0 || offset === table[i - 1]! + 4);
  const jump = table.findIndex((offset, i) => i > 0 && offset !== table[i - 1]! + 4);
  const length = jump < 0 ? table.length : jump;
  const isRun = length > 0 && table.length % length === 0 && table.every((offset, i) => i % length === 0 || offset === table[i - 1]! + 4);
  return { table, stride: isUniform ? stride : irregular, isSingle: table.length <= 1, hasRuns, run: isRun ? length : 0 };
}

/** An operand as the micro-kernels see it: majors are rows of A or columns of B. */
interface Side {
  readonly buffer: BufferRef;
  readonly batch: Offsets;
  readonly major: Offsets;
  readonly depth: Offsets;
}

const neighbours = ({ stride, isSingle }: Offsets) => stride === 4 || isSingle;
const even = ({ stride }: Offsets) => stride !== irregular;

export interface Contraction {
  readonly a: Side;
  readonly b: Side;
  readonly out: { readonly batch: Offsets; readonly rows: Offsets; readonly columns: Offsets };
  readonly batch: number;
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
}

export function readContraction({ batch, m, n, k, buffers }: ContractKernel): Contraction {
  const side = (buffer: BufferRef, tensor: Tensor, majors: readonly ContractAxis[]): Side => ({
    buffer,
    batch: offsetsOf(batch, tensor),
    major: offsetsOf(majors, tensor),
    depth: offsetsOf(k, tensor),
  });
  const a = side(buffers[0]!, 'left', m);
  const b = side(buffers[1]!, 'right', n);
  const out = { batch: offsetsOf(batch, 'out'), rows: offsetsOf(m, 'out'), columns: offsetsOf(n, 'out') };
  return {
    a,
    b,
    out,
    batch: a.batch.table.length,
    rows: a.major.table.length,
    columns: b.major.table.length,
    depth: a.depth.table.length,
  };
}

/** Below so many rows, packing B (or transposing it) costs more than it saves. */
const fewRows = 16;
/** From so many rows on, windows are packed; long runs make good tiles a while longer. */
const manyWindowRows = { shortRun: 12, longRun: 48 };
const longRun = 24;
/** From this size of every side on, panels that stay in cache beat reading operands where they lie. */
const largeSide = 192;
/** Distances of depths that put a strip of B into few sets of a first-level cache. */
const conflictBytes = 2048;

export function chooseMethod({ a, b, rows, columns, depth }: Contraction): Method {
  const isLarge = rows >= largeSide && columns >= 64 && depth >= 64;
  const packed = ({ major, depth: depths }: Side) =>
    depths.hasRuns && !depths.isSingle ? 'packDepth' : neighbours(major) ? 'packMajor' : 'packTable';
  const canDot = neighbours(b.depth) && even(b.major) && neighbours(a.depth) && even(a.major) && columns >= 4;
  if (canDot && !(neighbours(b.major) && even(b.depth)) && rows < fewRows) return { a: 'row', b: 'dot' };
  const canDirect = neighbours(b.major) && even(b.depth);
  // Windows of an image: for few rows, finding each depth's place costs less than packing.
  if (!canDirect && b.major.run >= 8 && rows < (b.major.run < longRun ? manyWindowRows.shortRun : manyWindowRows.longRun))
    return { a: packed(a), b: 'window' };
  const conflicts = rows >= fewRows && depth >= 32 && b.depth.stride % conflictBytes === 0;
  const bMode: BMode = canDirect && !isLarge && !conflicts ? 'direct' : packed(b);
  let aMode: AMode = packed(a);
  if (!isLarge && neighbours(a.depth) && even(a.major)) aMode = 'row';
  else if (!isLarge && neighbours(a.major) && even(a.depth)) aMode = 'column';
  return { a: aMode, b: bMode };
}

interface Regions {
  readonly rows: number;
  readonly columns: number;
}

const roundUp = (value: number, multiple: number) => Math.ceil(value / multiple) * multiple;
/** Cuts `size` into at most `pieces` of equal length, a multiple of `unit`. */
const cut = (size: number, pieces: number, unit: number) => Math.max(unit, roundUp(Math.ceil(size / Math.max(pieces, 1)), unit));

/** A piece of work for one thread takes at least so long, in nanoseconds: a barrier takes about a microsecond. */
const minimumPiece = 15_000;
/** Elements of a region that is read again by an epilogue or scattered: half a first-level cache, or a good part of the second. */
const smallRegion = 6144;
const largeRegion = 96 * 256;
const nativeRegion = 192 * 512;

/** How many pieces each batch index is cut into, so that the threads get equal shares. */
function piecesPerBatch(batch: number, threads: number, nanoseconds: number): number {
  if (threads === 1 || nanoseconds < 2 * minimumPiece || batch >= 4 * threads) return 1;
  return batch % threads === 0 ? 1 : threads;
}

/** How a contraction is cut changes no bit of it: sums run over the whole depth of an element, in one order. */
function chooseRegions({ rows, columns }: Contraction, method: Method | 'native', isReadAgain: boolean, pieces: number): Regions {
  const native = method === 'native';
  const packsA = !native && isPacked(method.a);
  const packsB = native || isPacked(method.b);
  const rowUnit = tileHeight;
  const columnUnit = native ? (columns < 256 ? 32 : 64) : 8;
  let regionRows = roundUp(rows, rowUnit);
  let regionColumns = roundUp(columns, columnUnit);
  // Each thread packs the other operand whole: cut the side whose partner needs no packing, or else the longer.
  const isTall = native && rows >= 2 * columns && rows >= 96 * pieces;
  const cutsColumns = packsA === packsB ? columns >= 2 * rows : packsB && columns >= pieces * columnUnit && !isTall;
  if (pieces > 1) {
    if (cutsColumns) regionColumns = cut(columns, pieces, columnUnit);
    else regionRows = cut(rows, pieces, rowUnit);
  }
  const largest = !isReadAgain ? Infinity : native ? nativeRegion : packsA || packsB ? largeRegion : smallRegion;
  if (regionRows * regionColumns > largest) {
    const widest = native ? 512 : 256;
    regionColumns = Math.min(regionColumns, cut(columns, Math.ceil(columns / widest), columnUnit));
    const most = Math.max(rowUnit, Math.floor(largest / regionColumns));
    // Whole numbers of regions per piece.
    regionRows = cut(regionRows, Math.ceil(Math.min(regionRows, rows) / most), rowUnit);
  }
  return { rows: regionRows, columns: regionColumns };
}

/** Where the accelerator, made for long rows of B, is slower than the kernels here: few rows over a depth that is no line, but for windows. */
function suitsNative({ b, rows, columns, depth }: Contraction): boolean {
  return rows * columns * depth >= 4096 && (even(b.depth) || b.major.run >= 8 || rows >= 32);
}

/** `epilogue` and its arguments come from the loop emitter. */
export function contractCall(
  kernel: ContractKernel,
  { native, threads = 1 }: ContractOptions,
  epilogue?: { readonly function: KernelFunction; readonly args: readonly KernelArg[] },
): KernelCall {
  const contraction = readContraction(kernel);
  const { out, batch, rows, columns, depth } = contraction;
  const method = native && suitsNative(contraction) ? 'native' : chooseMethod(contraction);
  // Speeds of one core: multiply-adds from cache, bytes of what the epilogue reads and writes as well.
  const nanoseconds = (2 * batch * rows * columns * depth) / (method === 'native' ? 90 : 45) + kernel.bytes / 40;
  const usesTile = !kernel.storesResult || !even(out.rows) || !neighbours(out.columns);
  const regions = chooseRegions(contraction, method, usesTile || epilogue !== undefined, piecesPerBatch(batch, threads, nanoseconds));
  const rowRegions = Math.ceil(rows / regions.rows);
  const columnRegions = Math.ceil(columns / regions.columns);
  const isDot = method !== 'native' && method.b === 'dot';
  // A last region of fewer than four columns would be too narrow for `dot`.
  const narrow = isDot && columnRegions > 1 && columns % regions.columns > 0 && columns % regions.columns < 4;
  const units = batch * rowRegions * (narrow ? 1 : columnRegions);

  const args: KernelArg[] = new Array<KernelArg>(contractArgCount).fill(0);
  const set = (name: keyof typeof contractArgs, value: KernelArg) => {
    args[contractArgs[name]] = value;
  };
  set('descriptor', { words: descriptorOf(contraction) });
  set('regionRows', regions.rows);
  set('regionColumns', narrow ? columns : regions.columns);
  set('rowRegions', rowRegions);
  set('columnRegions', narrow ? 1 : columnRegions);
  set('c', kernel.storesResult ? kernel.buffers[2]! : 0);
  set('cRowStride', usesTile ? irregular : out.rows.stride);
  set('cBatchTable', { words: out.batch.table });
  set('cRowTable', { words: out.rows.table });
  set('cColumnTable', { words: out.columns.table });
  set('epilogue', epilogue === undefined ? -1 : { function: epilogue.function });
  set('epilogueArgs', epilogue === undefined ? 0 : { words: epilogue.args });
  set('mergeable', !usesTile && epilogue === undefined ? 1 : 0);

  const tileColumns = narrow ? columns : regions.columns;
  return {
    function: contractFunction(method),
    args,
    units,
    costPerUnit: nanoseconds / Math.max(units, 1),
    barrier: kernel.barrier,
    scratchBytes: scratchOffsets.tile + (usesTile ? regions.rows * roundUp(tileColumns, 8) * 4 : 0) + 64,
    title: kernel.title,
    ...(kernel.node === undefined ? {} : { node: kernel.node }),
  };
}

function descriptorOf({ a, b, batch, rows, columns, depth }: Contraction): KernelArg[] {
  const words: KernelArg[] = new Array<KernelArg>(descriptorLength).fill(0);
  words[columnRunWord] = b.major.run;
  // Where both have runs, those of one are whole numbers of the other's, or nothing can be read side by side.
  const [short, long] = [Math.min(a.depth.run, b.depth.run), Math.max(a.depth.run, b.depth.run)];
  const set = (name: keyof typeof descriptorWords, value: KernelArg) => {
    words[descriptorWords[name]] = value;
  };
  set('batch', batch);
  set('rows', rows);
  set('columns', columns);
  set('depth', depth);
  set('a', a.buffer);
  set('b', b.buffer);
  set('aBatchStride', a.batch.stride);
  set('bBatchStride', b.batch.stride);
  set('aRowStride', a.major.stride);
  set('aDepthStride', a.depth.stride);
  set('bColumnStride', b.major.stride);
  set('bDepthStride', b.depth.stride);
  set('aBatchTable', { words: a.batch.table });
  set('bBatchTable', { words: b.batch.table });
  set('aRowTable', { words: a.major.table });
  set('aDepthTable', { words: a.depth.table });
  set('bColumnTable', { words: b.major.table });
  set('bDepthTable', { words: b.depth.table });
  set('depthRun', short > 0 && long % short === 0 ? short : 0);
  return words;
}
