/** A helper thread of the engine: the same module on the same memory, until the engine ends it. */
import type { Accelerator } from './contract/accelerator.ts';
import { control } from './memoryLayout.ts';
import type { FunctionTable } from './profile.ts';
import { webAssembly, type WasmMemory, type WasmModule } from './webAssembly.ts';

/** What a thread needs; crosses by structured clone. */
export interface HelperJob {
  readonly module: WasmModule;
  readonly memory: WasmMemory;
  /** 1, 2, ... */
  readonly thread: number;
  /** Address of its scratch. */
  readonly scratch: number;
  /** Number of the last job published before it was started. */
  readonly job: number;
  readonly native: boolean;
}

export interface Walker {
  setup(scratch: number): void;
  begin(program: number): void;
  walk(program: number, steps: number, thread: number): void;
  serve(thread: number, job: number): void;
  readonly kernels: FunctionTable;
}

export function instantiate(module: WasmModule, memory: WasmMemory, accelerator: Accelerator | undefined): Walker {
  const imports: Record<string, Record<string, unknown>> = { engine: { memory } };
  if (accelerator !== undefined) imports['native'] = { region: accelerator.bind(memory.buffer) };
  return new webAssembly.Instance(module, imports).exports as unknown as Walker;
}

/** Blocks its thread until the engine is disposed of. `onReady` is called just before. */
export function runHelper(job: HelperJob, accelerator: Accelerator | undefined, onReady: () => void): void {
  const walker = instantiate(job.module, job.memory, accelerator);
  const words = new Int32Array(job.memory.buffer);
  walker.setup(job.scratch);
  onReady();
  let last = job.job;
  for (;;) {
    try {
      walker.serve(job.thread, last);
      return;
    } catch {
      // The thread that called `run` says what happened.
      last = Atomics.load(words, control.job / 4);
      failRun(words);
      Atomics.add(words, control.done / 4, 1);
    }
  }
}

/** Wakes every thread that waits for one that will not come. */
export function failRun(words: Int32Array): void {
  Atomics.store(words, control.abort / 4, 1);
  Atomics.notify(words, control.generation / 4);
}
