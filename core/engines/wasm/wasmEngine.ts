/**
 * The compiled engine: fused kernels as WebAssembly on one shared memory, on several threads, contractions optionally by
 * the native accelerator. `run` enters WebAssembly once for all its steps.
 */
import { memoryProblem } from '../../graph/checkTrainable.ts';
import { elementCount } from '../../ops/shapes.ts';
import { fuseProgram } from '../../plan/fuse.ts';
import { layoutSlots, type PlacedSlot, type SlotLayout } from '../../plan/plan.ts';
import type { KernelProgram } from '../../plan/kernelProgram.ts';
import { raise } from '../../problem.ts';
import type { Program } from '../../program/program.ts';
import { setKey } from '../../random/philox.ts';
import { checkRange, checkRequest, checkWrite } from '../checkCalls.ts';
import type { Engine, EngineInfo, RunRequest, Session, SlotData } from '../engine.ts';
import type { HelperThread, SpawnHelper } from '../platform.ts';
import { findRowTables, checkRows, type RowTable } from '../rowTables.ts';
import { assemble, moduleText, startAssembler } from './assemble.ts';
import { createCallTable, type PlacedProgram } from './callTable.ts';
import type { Accelerator } from './contract/accelerator.ts';
import { failRun, instantiate, type Walker } from './helper.ts';
import { kernelLibrary, programCalls } from './kernels.ts';
import { control, layoutMemory, runBytes, statusAddress, stepAddress, type MemoryLayout } from './memoryLayout.ts';
import { clockCost, medianTimes, profileStep } from './profile.ts';
import { hasRelaxedSimd, maximumPages, pageBytes, webAssembly, type WasmMemory } from './webAssembly.ts';

export interface WasmOptions {
  /** Threads that share large kernels, this one included; default 1. */
  readonly threads?: number;
  /** How a helper thread is started; needed for more than one thread. */
  readonly spawn?: SpawnHelper;
  readonly accelerator?: Accelerator;
  /** For tests: plain SIMD where relaxed is there. */
  readonly relaxed?: boolean;
  /** For tests: other kernels than those of the fusing planner. */
  readonly plan?: typeof fuseProgram;
}

interface LoadedProgram extends PlacedProgram {
  readonly program: Program;
  readonly kernels: KernelProgram;
  /** Kernels that have anything to do, by index. */
  readonly busy: readonly number[];
  /** Tables that rows index directly, with the sizes they must stay under. */
  readonly rowTables: readonly RowTable[];
}

interface LoadedSession {
  readonly slots: SlotLayout;
  readonly layout: MemoryLayout;
  readonly memory: WasmMemory;
  readonly words: Int32Array;
  readonly programs: ReadonlyMap<string, LoadedProgram>;
  readonly walker: Walker;
  readonly helpers: readonly HelperThread[];
  /** Addresses and bytes of a run's rows and scalars. */
  readonly rowsAt: number;
  readonly rowsBytes: number;
  readonly scalarsAt: number;
  readonly scalarsBytes: number;
}

/** Revision of the kernels: raised when bits of results change. */
const kernelRevision = 2;

export function createWasmEngine({
  threads = 1,
  spawn,
  accelerator,
  relaxed = hasRelaxedSimd(),
  plan = fuseProgram,
}: WasmOptions = {}): Engine {
  const threadCount = spawn === undefined ? 1 : threads;
  const instructions = relaxed ? 'relaxed' : 'simd';
  const info: EngineInfo = {
    kind: accelerator === undefined ? 'wasm' : 'native',
    label: `${accelerator === undefined ? 'wasm' : accelerator.label}, ${threadCount} ${threadCount === 1 ? 'thread' : 'threads'}`,
    numerics:
      accelerator === undefined
        ? `wasm/${instructions}/${kernelRevision}`
        : `${accelerator.numerics}+wasm/${instructions}/${kernelRevision}`,
    threads: threadCount,
  };
  let session: LoadedSession | undefined;
  void startAssembler();

  function loaded(): LoadedSession {
    if (session === undefined) throw new Error('wasm engine: no session is loaded');
    return session;
  }

  function placedSlot(name: string): PlacedSlot {
    const placed = loaded().slots.slots.get(name);
    if (placed === undefined) throw new Error(`wasm engine: the session has no slot "${name}"`);
    return placed;
  }

  async function dispose(): Promise<void> {
    const old = session;
    session = undefined;
    if (old === undefined || old.helpers.length === 0) return;
    old.words[control.program / 4] = -1;
    publishJob(old.words);
    await Promise.all(old.helpers.map((helper) => helper.end()));
  }

  return {
    info,

    async load(next) {
      await dispose();
      session = await loadSession(next, { threads: threadCount, spawn, accelerator, relaxed, plan });
    },

    async write(name, data, offset = 0) {
      const placed = placedSlot(name);
      checkWrite(placed.spec, data, offset);
      slotView(loaded(), placed).set(data, offset);
      const cursor = loaded().layout.cursors.get(name);
      if (cursor !== undefined) loaded().words[cursor / 4] = 0;
    },

    async run(name, request) {
      const current = loaded();
      const program = current.programs.get(name);
      if (program === undefined) throw new Error(`run: the session has no program "${name}"`);
      runSteps(current, program, request);
    },

    async profile(name, request, now) {
      const current = loaded();
      const program = current.programs.get(name);
      if (program === undefined) throw new Error(`profile: the session has no program "${name}"`);
      return profileSteps(current, program, request, now);
    },

    async read(name, offset = 0, length) {
      const placed = placedSlot(name);
      const view = slotView(loaded(), placed);
      const count = length ?? view.length - offset;
      checkRange(name, view.length, offset, count);
      // A copy outside shared memory.
      const copy = new (view.constructor as Float32ArrayConstructor)(count);
      copy.set(view.subarray(offset, offset + count));
      return copy;
    },

    dispose,
  };
}

type LoadOptions = Required<Pick<WasmOptions, 'threads' | 'relaxed' | 'plan'>> & {
  readonly spawn: SpawnHelper | undefined;
  readonly accelerator: Accelerator | undefined;
};

async function loadSession({ programs, slots: specs, seed }: Session, options: LoadOptions): Promise<LoadedSession> {
  const { accelerator, spawn } = options;
  const slots = layoutSlots(specs);
  const fused = Object.entries(programs).map(([name, program]) => ({ name, program, kernels: options.plan(program, slots) }));
  const layout = layoutMemory(
    slots,
    fused.map(({ kernels }) => kernels),
  );
  const table = createCallTable({ layout, slots, threads: options.threads });
  const native = accelerator !== undefined;
  let scratchBytes = 64;
  const placed = fused.map(({ name, program, kernels }): [string, LoadedProgram] => {
    const calls = programCalls(kernels, { native, threads: options.threads });
    scratchBytes = Math.max(scratchBytes, ...calls.map((call) => call.scratchBytes ?? 0));
    const busy = calls.flatMap(({ units }, i) => (units === 0 ? [] : [i]));
    return [name, { program, kernels, busy, rowTables: findRowTables(program), ...table.place(kernels, calls) }];
  });
  // Threads' scratch a cache line and some apart, so that equal offsets fall into different sets.
  const scratchStride = Math.ceil(scratchBytes / 4096) * 4096 + 192;
  const scratchAt = Math.ceil(table.end / 4096) * 4096;
  const rowsAt = scratchAt + Math.ceil((scratchStride * options.threads) / 64) * 64;
  const rowsBytes = runBytes(4 * Math.max(0, ...fused.map(({ kernels }) => kernels.batchSize)));
  const scalarsAt = rowsAt + rowsBytes;
  const scalarsBytes = runBytes(4 * Math.max(0, ...fused.map(({ kernels }) => kernels.scalarNames.length)));
  const memoryPages = Math.ceil((scalarsAt + scalarsBytes + 256) / pageBytes);

  if (memoryPages > maximumPages) raise(memoryProblem(memoryPages * pageBytes, 'This training'));

  const target = { relaxed: options.relaxed };
  const module = await assemble(moduleText({ functions: table.functions, library: kernelLibrary(target), memoryPages, native, target }));
  const memory = allocateMemory(memoryPages);
  const words = new Int32Array(memory.buffer);
  table.write(words);
  setKey(new Uint32Array(memory.buffer, stepAddress, 2), seed);
  for (const descriptor of table.descriptors) accelerator?.check(memory.buffer, descriptor);
  const walker = instantiate(module, memory, accelerator);
  walker.setup(scratchAt);
  const loadedPrograms = new Map(placed);
  const helperCount = Math.max(...placed.map(([, { threads }]) => threads), 1) - 1;
  const helpers =
    spawn === undefined
      ? []
      : await Promise.all(
          Array.from({ length: helperCount }, (_, i) =>
            spawn({ module, memory, thread: i + 1, scratch: scratchAt + (i + 1) * scratchStride, job: 0, native }),
          ),
        );
  Atomics.store(words, control.done / 4, helpers.length);
  return { slots, layout, memory, words, programs: loadedPrograms, walker, helpers, rowsAt, rowsBytes, scalarsAt, scalarsBytes };
}

/** @throws ProblemError when the machine has not so much */
function allocateMemory(pages: number): WasmMemory {
  try {
    return new webAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch {
    const megabytes = Math.ceil((pages * pageBytes) / 2 ** 20).toLocaleString('en-US');
    raise({ ...memoryProblem(0, ''), message: `This training needs ${megabytes} MB of memory, more than this machine has to spare.` });
  }
}

function runSteps(session: LoadedSession, loaded: LoadedProgram, request: RunRequest, walk: typeof walkSteps = walkSteps): void {
  const { program, kernels } = loaded;
  const { steps, firstStep, rows, scalars } = request;
  const rowsPerStep = kernels.readsRows ? program.batchSize : 0;
  const scalarsPerStep = program.scalarNames.length;
  checkRequest(program, request, rowsPerStep);
  if (rowsPerStep > 0 && rows !== undefined) checkRows(loaded.rowTables, rows, steps * rowsPerStep);
  const words = session.words;
  const floats = new Float32Array(session.memory.buffer);
  const mostSteps = Math.min(
    rowsPerStep === 0 ? Infinity : Math.floor(session.rowsBytes / (4 * rowsPerStep)),
    scalarsPerStep === 0 ? Infinity : Math.floor(session.scalarsBytes / (4 * scalarsPerStep)),
  );
  for (let done = 0; done < steps;) {
    const count = Math.min(steps - done, mostSteps);
    if (rows !== undefined && rowsPerStep > 0) {
      words.set(rows.subarray(done * rowsPerStep, (done + count) * rowsPerStep), session.rowsAt / 4);
    }
    if (scalars !== undefined && scalarsPerStep > 0) {
      floats.set(scalars.subarray(done * scalarsPerStep, (done + count) * scalarsPerStep), session.scalarsAt / 4);
    }
    const step = firstStep + done;
    words[stepAddress / 4 + 2] = step % 2 ** 32;
    words[stepAddress / 4 + 3] = step / 2 ** 32;
    words[control.nextRows / 4] = session.rowsAt;
    words[control.nextScalars / 4] = session.scalarsAt;
    walk(session, loaded, count);
    done += count;
  }
}

/** Each kernel's time in one step, the median of the request's steps. */
function profileSteps(session: LoadedSession, loaded: LoadedProgram, request: RunRequest, now: () => number): Float64Array {
  const { kernels, busy, header } = loaded;
  const samples = new Float64Array(request.steps * busy.length);
  let at = 0;
  runSteps(session, loaded, request, ({ words, walker }, _program, steps) => {
    for (let step = 0; step < steps; step++) {
      profileStep(walker, words, header, now, samples.subarray(at, (at += busy.length)));
      words[stepAddress / 4 + 2]!++;
    }
  });
  const times = new Float64Array(kernels.kernels.length);
  medianTimes(samples, busy.length, clockCost(now)).forEach((time, i) => (times[busy[i]!] = time));
  return times;
}

/** Enters WebAssembly on all threads the program needs. */
function walkSteps({ words, walker, helpers }: LoadedSession, { header, threads }: LoadedProgram, steps: number): void {
  const isShared = threads > 1;
  if (isShared) {
    waitForHelpers(words, helpers.length);
    words[control.program / 4] = header;
    words[control.steps / 4] = steps;
  }
  words[control.arrived / 4] = 0;
  words[control.abort / 4] = 0;
  words[statusAddress / 4] = 0;
  walker.begin(header);
  if (isShared) {
    Atomics.store(words, control.done / 4, 0);
    publishJob(words);
  }
  try {
    walker.walk(header, steps, 0);
  } catch (error) {
    failRun(words);
    throw new Error(`wasm engine: a kernel failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  if (words[statusAddress / 4] !== 0) throw new Error(`gather: row ${words[statusAddress / 4 + 1]} is outside its table`);
  if (Atomics.load(words, control.abort / 4) !== 0) throw new Error('wasm engine: a kernel failed on another thread');
}

/** Until every helper is back from the job before; a few microseconds at most. */
function waitForHelpers(words: Int32Array, count: number): void {
  while (Atomics.load(words, control.done / 4) < count);
}

function publishJob(words: Int32Array): void {
  Atomics.add(words, control.job / 4, 1);
  Atomics.notify(words, control.job / 4);
}

function slotView({ layout, memory }: LoadedSession, { spec, byteOffset }: PlacedSlot): SlotData {
  const start = layout.slots + byteOffset;
  const length = elementCount(spec.type.shape);
  if (spec.type.dtype === 'u8') return new Uint8Array(memory.buffer, start, length);
  if (spec.type.dtype === 'i32') return new Int32Array(memory.buffer, start, length);
  return new Float32Array(memory.buffer, start, length);
}
