/** A loaded session: kernels as dispatches over its memory, the stores at the end of a step as copies. */
import { fuseProgram } from '../../plan/fuse.ts';
import type { KernelProgram, KernelStore } from '../../plan/kernelProgram.ts';
import { layoutSlots, type SlotLayout } from '../../plan/plan.ts';
import type { Program } from '../../program/program.ts';
import { setKey } from '../../random/philox.ts';
import type { Session } from '../engine.ts';
import { findRowTables, type RowTable } from '../rowTables.ts';
import { bindDispatches, compileDispatches, createArgsTable, planDispatches, type Dispatch } from './dispatches.ts';
import type { FailureGuard } from './failure.ts';
import { createMemory, type GpuMemory } from './memory.ts';
import { createPace, type Pace } from './pace.ts';
import { placeIn } from './place.ts';
import { createReadback, type Readback } from './readback.ts';
import type { GpuLimits, Place } from './shader.ts';
import { layoutStep, type StepBlock } from './stepBlock.ts';

/** A copy at the end of a step. */
export interface GpuStore {
  readonly source: GPUBuffer;
  readonly sourceAt: number;
  readonly target: GPUBuffer;
  readonly targetAt: number;
  /** Rounded up to whole words: every buffer and slot ends in padding. */
  readonly bytes: number;
  /** Of the ring it is appended to. */
  readonly ring?: RingCursor;
}

export interface RingCursor {
  readonly rows: number;
  next: number;
}

export interface GpuProgram {
  readonly program: Program;
  readonly kernels: KernelProgram;
  readonly block: StepBlock;
  readonly dispatches: readonly Dispatch[];
  readonly stores: readonly GpuStore[];
  readonly rowTables: readonly RowTable[];
  readonly pace: Pace;
}

export interface GpuSession {
  readonly device: GPUDevice;
  readonly guard: FailureGuard;
  readonly memory: GpuMemory;
  readonly readback: Readback;
  readonly layout: SlotLayout;
  readonly programs: ReadonlyMap<string, GpuProgram>;
  readonly cursors: ReadonlyMap<string, RingCursor>;
  /** Philox key. */
  readonly key: Uint32Array;
  /** What is uploaded for the steps of a run, on the host's side. */
  readonly uploadWords: Uint32Array<ArrayBuffer>;
  destroy(): void;
}

export interface LoadOptions {
  readonly device: GPUDevice;
  readonly guard: FailureGuard;
  readonly limits: GpuLimits;
  readonly now: () => number;
}

/** Rows and scalars of a run are uploaded in pieces of about so many bytes. */
const uploadBytes = 1 << 18;

export async function loadSession({ programs, slots, seed }: Session, { device, guard, limits, now }: LoadOptions): Promise<GpuSession> {
  const { maxPageBytes: pageBytes } = limits;
  const layout = layoutSlots(slots, { pageBytes });
  const table = createArgsTable(device.limits.minUniformBufferOffsetAlignment);
  const planned = Object.entries(programs).map(([name, program]) => {
    const kernels = fuseProgram(program, layout);
    const block = layoutStep(kernels);
    const place = placeIn(block, pageBytes);
    return { name, program, kernels, block, place, ...planDispatches(kernels, place, limits, table) };
  });
  const compiling = Promise.all(planned.map(({ dispatches }) => compileDispatches(device, dispatches)));
  // Its failure is reported below, also where making the memory fails first.
  compiling.catch(() => undefined);

  const largest = (measure: (program: (typeof planned)[number]) => number) => Math.max(0, ...planned.map(measure));
  const upload = Math.max(uploadBytes, 4 * largest(({ block }) => block.words));
  const memory = await guard.wait(
    createMemory(device, {
      page: pageBytes,
      slots: layout.totalBytes,
      arena: largest(({ kernels }) => kernels.arenaBytes),
      step: largest(({ block }) => block.places.rows + 4 * block.rows),
      scratch: largest(({ scratchBytes }) => scratchBytes),
      args: table.bytes,
      upload,
      hop: largest(({ kernels }) => Math.max(0, ...kernels.stores.map(hopBytes))),
    }),
  );
  const readback = createReadback(device, guard);
  const cursors = new Map<string, RingCursor>();
  for (const { name, kind, type } of slots) if (kind === 'ring') cursors.set(name, { rows: type.shape[0]!, next: 0 });
  function destroy(): void {
    readback.destroy();
    memory.destroy();
  }

  try {
    device.queue.writeBuffer(memory.args, 0, table.words());
    const pipelines = await guard.wait(compiling);
    const loaded = planned.map(({ name, program, kernels, block, place, dispatches }, i): [string, GpuProgram] => [
      name,
      {
        program,
        kernels,
        block,
        dispatches: bindDispatches(dispatches, pipelines[i]!, device, memory),
        stores: kernels.stores.map((store) => placeStore(store, place, layout, memory, cursors)),
        rowTables: findRowTables(program),
        pace: createPace(now),
      },
    ]);
    const key = new Uint32Array(2);
    setKey(key, seed);
    const uploadWords = new Uint32Array(upload / 4);
    return { device, guard, memory, readback, layout, programs: new Map(loaded), cursors, key, uploadWords, destroy };
  } catch (error) {
    destroy();
    throw error;
  }
}

/** From slot to slot: they may lie in one buffer. */
function hopBytes({ source }: KernelStore): number {
  return source.region === 'slot' ? source.byteLength : 0;
}

function placeStore(
  { slot, mode, source }: KernelStore,
  place: Place,
  layout: SlotLayout,
  memory: GpuMemory,
  cursors: ReadonlyMap<string, RingCursor>,
): GpuStore {
  if (mode === 'append' && source.byteLength % 4 !== 0) {
    throw new Error(`webgpu engine: a row of ring "${slot}" takes ${source.byteLength} bytes, which is no multiple of 4`);
  }
  const from = place(source);
  const to = place({ region: 'slot', ...layout.slots.get(slot)! });
  return {
    source: memory.page(from.page),
    sourceAt: from.byteOffset,
    target: memory.page(to.page),
    targetAt: to.byteOffset,
    bytes: Math.ceil(source.byteLength / 4) * 4,
    ...(mode === 'append' ? { ring: cursors.get(slot)! } : {}),
  };
}
