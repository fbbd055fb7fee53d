/**
 * What differs between the host's worker thread, the renderer and tests. Implemented in `electron/trainer`
 * and, for the GPU engine, in the renderer; nothing else in core may touch a platform.
 */
import type { HelperJob } from './wasm/helper.ts';

/** A thread that shares the compiled engine's kernels. It never keeps the process alive. */
export interface HelperThread {
  /** The engine told it to end; resolves once it did. */
  end(): Promise<void>;
}

/** Starts a thread that calls `runHelper(job)`; resolves once it is ready for work. */
export type SpawnHelper = (job: HelperJob) => Promise<HelperThread>;

export interface Platform {
  /** Monotonic milliseconds, for durations. */
  now(): number;
  /** Lets messages that wait at this thread's port be handled before training goes on. */
  poll(): Promise<void>;
  /** Sleeps about this long, then polls: how a paused training waits without using the processor. */
  wait(milliseconds: number): Promise<void>;
}
