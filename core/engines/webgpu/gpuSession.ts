/** A loaded session: kernels as dispatches, memory as pages, the stores at the end of a step as copies. */
import { fuseProgram } from '../../plan/fuse.ts';
import type { KernelProgram } from '../../plan/kernelProgram.ts';
import { pageSizes } from '../../plan/pages.ts';
import { layoutSlots, type PlacedSlot, type SlotLayout } from '../../plan/plan.ts';
import type { Program } from '../../program/program.ts';
import { setKey } from '../../random/philox.ts';
import type { Session } from '../engine.ts';
import { findRowTables, type RowTable } from '../rowTables.ts';
import { allocateBuffers, usage, type BufferSpec } from './buffers.ts';
import { bindDispatches, compileDispatches, createArgsTable, planDispatches, type Dispatch } from './dispatches.ts';
import type { FailureGuard } from './failure.ts';
import { createPace, type Pace } from './pace.ts';
import { placeIn } from './place.ts';
import { createReadback, type Readback } from './readback.ts';
import type { GpuLimits } from './shader.ts';
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
  readonly key: Uint32Array;
  readonly programs: ReadonlyMap<string, GpuProgram>;
  readonly cursors: ReadonlyMap<string, RingCursor>;
  readonly layout: SlotLayout;
  slotPlace(slot: PlacedSlot): { readonly buffer: GPUBuffer; readonly byteOffset: number };
  readonly stepPage: GPUBuffer;
  /** What is uploaded for the steps of a run, and the same on the host's side. */
  readonly upload: GPUBuffer;
  readonly uploadWords: Uint32Array<ArrayBuffer>;
  /** Between two places of one buffer, which can't be copied directly. */
  readonly hop: GPUBuffer;
  readonly readback: Readback;
  destroy(): void;
}

/** Rows and scalars of a run are uploaded in pieces of about so many bytes. */
const uploadBytes = 1 << 18;

export async function loadSession(
  device: GPUDevice,
  guard: FailureGuard,
  { programs, slots, seed }: Session,
  limits: GpuLimits,
  now: () => number,
): Promise<GpuSession> {
  const { maxPageBytes: pageBytes } = limits;
  const layout = layoutSlots(slots, { pageBytes });
  const table = createArgsTable(device.limits.minUniformBufferOffsetAlignment);
  const planned = Object.entries(programs).map(([name, program]) => {
    const kernels = fuseProgram(program, layout);
    const block = layoutStep(kernels);
    return { name, program, kernels, block, ...planDispatches(kernels, placeIn(block, pageBytes), limits, table) };
  });
  const compiling = Promise.all(planned.map(({ dispatches }) => compileDispatches(device, dispatches)));
  // Its failure is reported below, also where making the buffers fails first.
  compiling.catch(() => undefined);

  const largest = (measure: (program: (typeof planned)[number]) => number) => Math.max(0, ...planned.map(measure));
  const arenaBytes = largest(({ kernels }) => kernels.arenaBytes);
  const stepBytes = largest(({ block }) => block.places.rows + 4 * block.rows);
  const uploadSize = Math.max(uploadBytes, 4 * largest(({ block }) => block.words));
  const hopBytes = largest(({ kernels }) => Math.max(0, ...kernels.stores.map(({ source }) => source.byteLength)));
  const working = usage.storage | usage.copySource | usage.copyTarget;
  const copying = usage.copySource | usage.copyTarget;
  const slotSizes = pageSizes(layout.totalBytes, pageBytes);
  const arenaSizes = pageSizes(arenaBytes, pageBytes);
  const specs: BufferSpec[] = [
    { label: 'step', bytes: stepBytes, usage: working },
    { label: 'scratch', bytes: largest(({ scratchBytes }) => scratchBytes), usage: usage.storage },
    { label: 'args', bytes: table.bytes, usage: usage.uniform | usage.copyTarget },
    { label: 'upload', bytes: uploadSize, usage: copying },
    { label: 'hop', bytes: hopBytes, usage: copying },
    ...slotSizes.map((bytes, i) => ({ label: `slots ${i}`, bytes, usage: working })),
    ...arenaSizes.map((bytes, i) => ({ label: `arena ${i}`, bytes, usage: working })),
  ];
  const buffers = await guard.wait(allocateBuffers(device, specs));
  const [stepPage, scratch, args, upload, hop] = buffers as [GPUBuffer, GPUBuffer, GPUBuffer, GPUBuffer, GPUBuffer];
  const slotPages = buffers.slice(5, 5 + slotSizes.length);
  const arenaPages = buffers.slice(5 + slotSizes.length);
  const pages = { slot: slotPages, arena: arenaPages, step: [stepPage], scratch: [scratch] };
  const readback = createReadback(device, guard);
  function destroy(): void {
    readback.destroy();
    for (const buffer of buffers) buffer.destroy();
  }

  const cursors = new Map<string, RingCursor>();
  for (const { name, kind, type } of slots) if (kind === 'ring') cursors.set(name, { rows: type.shape[0]!, next: 0 });
  const slotPlace = ({ byteOffset }: PlacedSlot) => ({
    buffer: slotPages[Math.floor(byteOffset / pageBytes)]!,
    byteOffset: byteOffset % pageBytes,
  });

  function storeOf({ slot, mode, source }: KernelProgram['stores'][number], block: StepBlock): GpuStore {
    const { page, byteOffset } = placeIn(block, pageBytes)(source);
    const target = slotPlace(layout.slots.get(slot)!);
    if (mode === 'append' && source.byteLength % 4 !== 0) {
      throw new Error(`webgpu engine: a row of ring "${slot}" takes ${source.byteLength} bytes, which is no multiple of 4`);
    }
    return {
      source: pages[page.kind][page.index]!,
      sourceAt: byteOffset,
      target: target.buffer,
      targetAt: target.byteOffset,
      bytes: Math.ceil(source.byteLength / 4) * 4,
      ...(mode === 'append' ? { ring: cursors.get(slot)! } : {}),
    };
  }

  try {
    device.queue.writeBuffer(args, 0, table.words());
    const pipelines = await guard.wait(compiling);
    const loaded = planned.map(({ name, program, kernels, block, dispatches }, i): [string, GpuProgram] => [
      name,
      {
        program,
        kernels,
        block,
        dispatches: bindDispatches(dispatches, pipelines[i]!, { device, args, page: ({ kind, index }) => pages[kind][index]! }),
        stores: kernels.stores.map((store) => storeOf(store, block)),
        rowTables: findRowTables(program),
        pace: createPace(now),
      },
    ]);
    const key = new Uint32Array(2);
    setKey(key, seed);
    const uploadWords = new Uint32Array(uploadSize / 4);
    return {
      ...{ device, guard, key, cursors, layout, slotPlace, stepPage, upload, uploadWords, hop, readback, destroy },
      programs: new Map(loaded),
    };
  } catch (error) {
    destroy();
    throw error;
  }
}
