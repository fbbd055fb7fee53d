/**
 * The step page: status | key, step number | scalars | rows of one step. Everything from the key on is copied from one
 * upload that holds the blocks of many steps.
 */
import type { KernelProgram, Region } from '../../plan/kernelProgram.ts';

/** In bytes. */
export const statusBytes = 16;
const keyBytes = 16;

export interface StepBlock {
  /** Where the regions start in the step page. */
  readonly places: Readonly<Record<Exclude<Region, 'slot' | 'arena'>, number>>;
  /** Words of what is uploaded for one step, and how they are shared out. */
  readonly words: number;
  readonly scalars: number;
  readonly rows: number;
}

export function layoutStep({ scalarNames, readsRows, batchSize }: KernelProgram): StepBlock {
  const scalars = scalarNames.length;
  const rows = readsRows ? batchSize : 0;
  const scalarsAt = statusBytes + keyBytes;
  const rowsAt = scalarsAt + 4 * scalars;
  return {
    places: { status: 0, step: statusBytes, scalars: scalarsAt, rows: rowsAt },
    words: keyBytes / 4 + scalars + rows,
    scalars,
    rows,
  };
}

export interface StepInputs {
  /** Philox key. */
  readonly key: Uint32Array;
  readonly firstStep: number;
  readonly rows: Int32Array | undefined;
  readonly scalars: Float32Array | undefined;
}

/** Blocks of `count` steps from the run's step `from` on, one after the other. */
export function fillBlocks(
  words: Uint32Array,
  { words: stride, scalars, rows }: StepBlock,
  inputs: StepInputs,
  from: number,
  count: number,
): void {
  const floats = new Float32Array(words.buffer);
  for (let i = 0; i < count; i++) {
    const at = i * stride;
    const step = inputs.firstStep + from + i;
    words[at] = inputs.key[0]!;
    words[at + 1] = inputs.key[1]!;
    words[at + 2] = step % 2 ** 32;
    words[at + 3] = step / 2 ** 32;
    const k = (from + i) * scalars;
    for (let j = 0; j < scalars; j++) floats[at + 4 + j] = inputs.scalars![k + j]!;
    const r = (from + i) * rows;
    for (let j = 0; j < rows; j++) words[at + 4 + scalars + j] = inputs.rows![r + j]!;
  }
}
