/** Resolves calls to words in memory: argument tables, tables of offsets, entries and headers of programs. */
import type { KernelProgram } from '../../plan/kernelProgram.ts';
import { alignUp } from '../../plan/arena.ts';
import type { SlotLayout } from '../../plan/plan.ts';
import { entryLength, entryWords, programLength, programWords, storeLength, storeWords } from './dispatcher.ts';
import type { KernelArg, KernelCall, KernelFunction } from './kernelFunction.ts';
import { addressOf, type MemoryLayout } from './memoryLayout.ts';

/** A call is shared out only so far that each thread has this many nanoseconds to do: a barrier takes about one microsecond. */
const minimumShare = 15_000;

export interface PlacedProgram {
  readonly header: number;
  /** Threads that have anything to do in it. */
  readonly threads: number;
}

export interface CallTable {
  /** Returns the address of the program's header. */
  place(program: KernelProgram, calls: readonly KernelCall[]): PlacedProgram;
  /** In the order of their indices in the function table. */
  readonly functions: readonly KernelFunction[];
  /** Descriptors of contractions that the accelerator computes. */
  readonly descriptors: readonly number[];
  readonly end: number;
  write(words: Int32Array): void;
}

export interface TableOptions {
  readonly layout: MemoryLayout;
  readonly slots: SlotLayout;
  readonly threads: number;
}

interface Block {
  readonly address: number;
  readonly words: ArrayLike<number>;
}

/** FNV-1a over whole words. */
function hashWords(words: ArrayLike<number>): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < words.length; i++) hash = Math.imul(hash ^ words[i]!, 0x01000193);
  return hash;
}

function sameWords(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

export function createCallTable({ layout, slots, threads }: TableOptions): CallTable {
  const functions: KernelFunction[] = [];
  const indices = new Map<string, number>();
  const blocks: Block[] = [];
  const descriptors: number[] = [];
  /** Equal words stand once: blocks by hash. */
  const known = new Map<number, readonly Block[]>();
  let end = layout.tables;

  function reserve(words: ArrayLike<number>): number {
    const address = end;
    blocks.push({ address, words });
    end += alignUp(4 * words.length);
    return address;
  }

  function share(words: ArrayLike<number>): number {
    const hash = hashWords(words);
    const candidates = known.get(hash) ?? [];
    const equal = candidates.find((block) => sameWords(block.words, words));
    if (equal !== undefined) return equal.address;
    const block = { address: reserve(words), words };
    known.set(hash, [...candidates, block]);
    return block.address;
  }

  function indexOf(fn: KernelFunction): number {
    const index = indices.get(fn.signature) ?? functions.push(fn) - 1;
    indices.set(fn.signature, index);
    return index;
  }

  function resolve(arg: KernelArg): number {
    if (typeof arg === 'number') return arg;
    if ('function' in arg) return indexOf(arg.function);
    if ('words' in arg) return arg.words instanceof Int32Array ? share(arg.words) : share(arg.words.map(resolve));
    return addressOf(arg, layout);
  }

  function storeOf({ slot, mode, source }: KernelProgram['stores'][number]): number[] {
    const { spec, byteOffset } = slots.slots.get(slot)!;
    const words = new Array<number>(storeLength).fill(0);
    words[storeWords.target] = layout.slots + byteOffset;
    words[storeWords.source] = addressOf(source, layout);
    words[storeWords.bytes] = source.byteLength;
    if (mode === 'append') {
      words[storeWords.cursor] = layout.cursors.get(slot)!;
      words[storeWords.capacity] = spec.type.shape[0]!;
    }
    return words;
  }

  function placeEntries(calls: readonly KernelCall[]): { entries: number[]; threads: number } {
    const entries: number[] = [];
    let most = 1;
    /** Whether all calls since the last barrier ran on thread 0 alone, as this one will. */
    let isAlone = true;
    /** Whether a barrier was left out because the calls on both its sides run on thread 0. Another thread must then wait. */
    let isOwed = false;
    let isFirst = true;
    for (const call of calls) {
      if (call.units === 0) continue;
      const wanted = Math.floor((call.units * call.costPerUnit) / minimumShare);
      const shared = Math.max(1, Math.min(threads, call.units, wanted));
      most = Math.max(most, shared);
      const wantsBarrier: boolean = (call.barrier && !isFirst) || isOwed;
      const needsBarrier: boolean = wantsBarrier && !(isAlone && shared === 1);
      isOwed = wantsBarrier && !needsBarrier;
      isAlone = (isAlone || needsBarrier) && shared === 1;
      isFirst = false;
      const words = new Array<number>(entryLength).fill(0);
      words[entryWords.function] = indexOf(call.function);
      words[entryWords.args] = share(call.args.map(resolve));
      words[entryWords.units] = call.units;
      words[entryWords.threads] = shared;
      words[entryWords.barrier] = needsBarrier ? 1 : 0;
      entries.push(...words);
    }
    return { entries, threads: most };
  }

  return {
    functions,
    descriptors,
    place(program, calls) {
      const { entries, threads: taking } = placeEntries(calls);
      const entriesAt = reserve(entries);
      const stores = program.stores.flatMap(storeOf);
      const storesAt = reserve(stores);
      const header = new Array<number>(programLength).fill(0);
      header[programWords.entries] = entriesAt;
      header[programWords.entriesEnd] = entriesAt + 4 * entries.length;
      header[programWords.threads] = taking;
      header[programWords.rows] = layout.rows;
      header[programWords.scalars] = layout.scalars;
      header[programWords.rowsBytes] = program.readsRows ? 4 * program.batchSize : 0;
      header[programWords.scalarsBytes] = 4 * program.scalarNames.length;
      header[programWords.stores] = storesAt;
      header[programWords.storesEnd] = storesAt + 4 * stores.length;
      for (const call of calls) if (call.function.signature === 'contract native') descriptors.push(resolve(call.args[0]!));
      return { header: reserve(header), threads: taking };
    },
    get end() {
      return end;
    },
    write(words) {
      for (const { address, words: values } of blocks) words.set(values, address / 4);
    },
  };
}
