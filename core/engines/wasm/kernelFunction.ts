/**
 * Between kernels and the engine: a kernel becomes a WebAssembly function shared by all calls of its signature, and a
 * call with its arguments. The engine assembles the functions, resolves the arguments to a table in shared memory and
 * walks the calls.
 *
 * A function has the type (param $args i32) (param $from i32) (param $to i32) and processes the parallel units
 * [from, to). `$args` is the address of its call's arguments, one i32 each: `(i32.load offset=8 (local.get $args))` is the
 * third. Any split of the units into ranges must give the same bits. Functions may use:
 *
 *   (global $state i32)   this thread's step state, see `stepState`
 *   (call $fail site value)   ends the run with the message of argument kind `failure`; never returns
 *   its `helpers`
 */

/** Byte offsets from `(global.get $state)`: what changes from step to step. Each thread has its own copy. */
export const stepState = {
  /** i32: address of this step's row indices, (B) i32. */
  rows: 0,
  /** i32: address of this step's scalars, f32. */
  scalars: 4,
  /** Low and high word of the global step number. */
  stepLow: 8,
  stepHigh: 12,
  /** The Philox key: the session's seed as two words. */
  keyLow: 16,
  keyHigh: 20,
  /** i32: address of this thread's scratch, `scratchBytes` long, 64-byte aligned. */
  scratch: 24,
  /** i32: this thread's number, 0 first. */
  thread: 28,
  /** i32 each: address of the next row of each ring slot; argument kind `ring` gives the offset of one. */
  rings: 64,
} as const;

/** What the emitters may count on; part of the numerics id. */
export interface EmitTarget {
  /** Whether `f32x4.relaxed_madd` and its kin may be used. */
  readonly relaxed: boolean;
}

/** A function other functions call: `text` is a whole `(func $name ...)` (or `(global ...)`, `(data ...)`), kept once per name. */
export interface HelperFunction {
  readonly name: string;
  readonly text: string;
  /** Helpers it calls itself. */
  readonly helpers?: readonly HelperFunction[];
}

export interface KernelFunction {
  /** Equal signatures have equal bodies. Readable: it is what the kernel inspector shows as a title. */
  readonly signature: string;
  /** What stands inside `(func $f (param $args i32) (param $from i32) (param $to i32) ... )`: locals, then instructions. */
  readonly body: string;
  readonly helpers?: readonly HelperFunction[];
}

/** One i32 in the call's argument table. */
export type KernelArg =
  /** The integer itself. */
  | number
  /** Becomes an absolute byte address. */
  | { readonly kind: 'address'; readonly region: 'slot' | 'arena'; readonly byteOffset: number }
  /** Becomes the offset, within the step state, of the cell with the address of the ring slot's next row. */
  | { readonly kind: 'ring'; readonly slot: string }
  /** Becomes the number of a message for `$fail`; `{value}` in it is replaced by the value passed. */
  | { readonly kind: 'failure'; readonly message: string }
  /** Becomes the address of these 32-bit words, kept for the session: tables of offsets and constants. */
  | { readonly kind: 'table'; readonly words: Int32Array };

export interface KernelCall {
  readonly function: KernelFunction;
  readonly args: readonly KernelArg[];
  /** Independent pieces of work: 1 where nothing is parallel. */
  readonly units: number;
  /** Nanoseconds one unit takes on one core, roughly: decides how many threads share the call. */
  readonly costPerUnit: number;
  /** The layer node that caused it. */
  readonly node?: string;
}
