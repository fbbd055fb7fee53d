/**
 * What differs between the host's worker thread, the renderer and tests. Implemented in `electron/trainer`
 * and, for the GPU engine, in the renderer; nothing else in core may touch a platform.
 */
export interface Platform {
  /** Monotonic milliseconds, for durations. */
  now(): number;
  /** Lets messages that wait at this thread's port be handled before training goes on. */
  poll(): Promise<void>;
  /** Sleeps about this long, then polls: how a paused training waits without using the processor. */
  wait(milliseconds: number): Promise<void>;
}
