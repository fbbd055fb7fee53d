/**
 * The one shared memory of a session, in bytes:
 * control words | step, status, scalars, rows | ring cursors | slots | arena | call tables | scratch per thread | rows and scalars of a run.
 */
import { alignUp } from '../../plan/arena.ts';
import type { BufferRef, KernelProgram } from '../../plan/kernelProgram.ts';
import type { SlotLayout } from '../../plan/plan.ts';

/** Addresses of the words that threads meet at; each on its own cache line. */
export const control = {
  /** 0; 1 once any thread failed or a kernel found a wrong index. */
  abort: 64,
  /** Threads that reached the barrier. */
  arrived: 128,
  /** Counts the barrier's openings; threads sleep on it. */
  generation: 192,
  /** Threads that sleep on `generation`. */
  sleepers: 256,
  /** Counts jobs; helper threads sleep on it. */
  job: 320,
  /** Helpers done with the current job. */
  done: 384,
  /** Of the job: address of the program, −1 to end the thread; steps. */
  program: 448,
  steps: 452,
  /** Addresses of the rows and scalars of the next step. */
  nextRows: 456,
  nextScalars: 460,
} as const;

/** Philox key (2 words), step number (low, high word). */
export const stepAddress = 512;
/** 0 or 1, and the wrong index. */
export const statusAddress = 576;
const fixedEnd = 640;

/** A run with more rows or scalars than this is cut into several. */
const runInputBytes = 1 << 20;

export interface MemoryLayout {
  readonly scalars: number;
  readonly rows: number;
  /** One i32 per ring slot, 64 bytes apart not needed: only one thread writes them. */
  readonly cursors: ReadonlyMap<string, number>;
  readonly slots: number;
  readonly arena: number;
  /** Where tables of calls may start. */
  readonly tables: number;
}

export function layoutMemory(slots: SlotLayout, programs: readonly KernelProgram[]): MemoryLayout {
  const largest = (measure: (program: KernelProgram) => number) => Math.max(0, ...programs.map(measure));
  const scalars = fixedEnd;
  const rows = scalars + alignUp(4 * largest(({ scalarNames }) => scalarNames.length));
  let at = rows + alignUp(4 * largest(({ batchSize }) => batchSize));
  const cursors = new Map<string, number>();
  for (const { spec } of slots.slots.values()) {
    if (spec.kind !== 'ring') continue;
    cursors.set(spec.name, at);
    at += 4;
  }
  const slotStart = alignUp(at);
  const arena = slotStart + alignUp(slots.totalBytes);
  // Vectors may be read a little past the end of a buffer.
  const tables = arena + alignUp(largest(({ arenaBytes }) => arenaBytes)) + 256;
  return { scalars, rows, cursors, slots: slotStart, arena, tables };
}

export function addressOf({ region, byteOffset }: BufferRef, layout: MemoryLayout): number {
  const start = {
    slot: layout.slots,
    arena: layout.arena,
    rows: layout.rows,
    scalars: layout.scalars,
    step: stepAddress,
    status: statusAddress,
  }[region];
  return start + byteOffset;
}

/** Bytes of one stretch for the rows, and one for the scalars, of as many steps as are run at once; never less than one step. */
export function runBytes(bytesPerStep: number): number {
  return alignUp(Math.max(bytesPerStep, Math.min(runInputBytes, bytesPerStep * 4096)));
}
