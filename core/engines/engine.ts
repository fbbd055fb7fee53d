/**
 * The one interface behind which every engine stands. The trainer knows nothing more.
 * All calls are promises because an engine may live on other threads, in the renderer or on a GPU.
 */
import type { Program, SlotSpec } from '../program/program.ts';

export type EngineKind = 'reference' | 'wasm' | 'native' | 'webgpu';

export type SlotData = Float32Array | Float64Array | Int32Array | Uint8Array;

/** Bits of a result are fixed by document, data, seed and this id, at any thread count. */
export type NumericsId = string;

export interface EngineInfo {
  readonly kind: EngineKind;
  /** For the status line: `reference, 1 thread`. */
  readonly label: string;
  readonly numerics: NumericsId;
  readonly threads: number;
}

export interface Session {
  /** By name: `train`, `trainTail`, `evaluate`, `predict`, ... */
  readonly programs: Readonly<Record<string, Program>>;
  readonly slots: readonly SlotSpec[];
  /** Key of every random op, an unsigned 53-bit integer. */
  readonly seed: number;
}

export interface RunRequest {
  /** How many steps to run without coming back. */
  readonly steps: number;
  /** Global number of the first of these steps; random ops are keyed by it. */
  readonly firstStep: number;
  /** steps × batch row indices, row-major. Absent for programs that read no rows. */
  readonly rows?: Int32Array;
  /** steps × scalarNames.length, row-major. */
  readonly scalars?: Float32Array;
}

export interface Engine {
  readonly info: EngineInfo;
  /** Plans and prepares every program, allocates every buffer; slots start as zeros. */
  load(session: Session): Promise<void>;
  /** Copies into a slot, from element `offset` (default 0). Writing a ring slot also resets its cursor to 0. */
  write(slot: string, data: SlotData, offset?: number): Promise<void>;
  run(program: string, request: RunRequest): Promise<void>;
  /** A copy of the slot's elements, in its stored type. */
  read(slot: string, offset?: number, length?: number): Promise<SlotData>;
  /**
   * Milliseconds of every kernel of the program's plan, in order, each in the median of the steps, on one thread. Weights
   * change as in training; statistics are not written. Only where kernels can be timed one by one.
   */
  profile?(program: string, request: RunRequest, now: () => number): Promise<Float64Array>;
  dispose(): Promise<void>;
}
