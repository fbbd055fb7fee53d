/** What a whole session becomes: the fused kernels of its programs, and the memory it takes. */
import type { Session } from '../engines/engine.ts';
import type { Program } from '../program/program.ts';
import { describeKernel, type KernelDescription } from './describeKernel.ts';
import { fuseProgram } from './fuse.ts';
import type { BufferRef, Kernel, KernelProgram } from './kernelProgram.ts';
import { layoutSlots } from './plan.ts';

export interface SessionMemory {
  /** Parameters, optimizer states, data, rings. */
  readonly slotBytes: number;
  /** Everything within a step; shared by the programs, so the largest counts. */
  readonly bufferBytes: number;
  readonly totalBytes: number;
}

export function sessionMemory(session: Pick<Session, 'programs' | 'slots'>): SessionMemory {
  const layout = layoutSlots(session.slots);
  const arenas = Object.values(session.programs).map((program) => fuseProgram(program, layout).arenaBytes);
  const bufferBytes = Math.max(0, ...arenas);
  return { slotBytes: layout.totalBytes, bufferBytes, totalBytes: layout.totalBytes + bufferBytes };
}

export interface PlannedBuffer extends BufferRef {
  readonly written: boolean;
}

export interface PlannedKernel extends KernelDescription {
  /** Waits for the kernels before it. */
  readonly barrier: boolean;
  readonly buffers: readonly PlannedBuffer[];
}

export interface PlannedProgram {
  readonly name: string;
  readonly batchSize: number;
  readonly kernels: readonly PlannedKernel[];
  /** Copied to slots at the end of a step. */
  readonly stores: KernelProgram['stores'];
  readonly arenaBytes: number;
  readonly flops: number;
  /** Read and written by all kernels of a step. */
  readonly bytes: number;
}

export interface SessionPlan extends SessionMemory {
  readonly programs: readonly PlannedProgram[];
}

export function planSession(session: {
  readonly programs: Readonly<Record<string, Program | undefined>>;
  readonly slots: Session['slots'];
}): SessionPlan {
  const layout = layoutSlots(session.slots);
  const programs = Object.values(session.programs).flatMap((program) => (program === undefined ? [] : [fuseProgram(program, layout)]));
  const bufferBytes = Math.max(0, ...programs.map((program) => program.arenaBytes));
  return {
    slotBytes: layout.totalBytes,
    bufferBytes,
    totalBytes: layout.totalBytes + bufferBytes,
    programs: programs.map(describeProgram),
  };
}

function describeProgram({ name, batchSize, kernels, stores, arenaBytes }: KernelProgram): PlannedProgram {
  const sum = (key: 'flops' | 'bytes') => kernels.reduce((total, kernel) => total + kernel[key], 0);
  return { name, batchSize, kernels: kernels.map(planKernel), stores, arenaBytes, flops: sum('flops'), bytes: sum('bytes') };
}

function planKernel(kernel: Kernel): PlannedKernel {
  const buffers = kernel.buffers.map((buffer, i): PlannedBuffer => ({ ...buffer, written: kernel.writes.includes(i) }));
  return { ...describeKernel(kernel), barrier: kernel.barrier, buffers };
}
