/**
 * Between kernels and the engine: a kernel becomes a WebAssembly function shared by all calls of its signature, and a
 * call with its arguments. The engine assembles the functions, resolves the arguments to a table in shared memory and
 * walks the calls.
 */
import type { BufferRef } from '../../plan/kernelProgram.ts';

/** What the emitters may count on; part of the numerics id. */
export interface EmitTarget {
  /** Whether `f32x4.relaxed_madd` and its kin may be used. */
  readonly relaxed: boolean;
}

/**
 * `(func $name (param $args i32) (param $from i32) (param $to i32) ...)`: processes the parallel units [from, to). `$args`
 * is the address of the call's arguments, one i32 each. Any split of the units into ranges gives the same bits.
 */
export interface KernelFunction {
  /** Equal signatures share one function. */
  readonly signature: string;
  emit(name: string, target: EmitTarget): string;
  /** Functions it calls, beyond those every module has. */
  helpers?(target: EmitTarget): readonly HelperFunction[];
}

/** `text` defines `name`; a module has each name once. */
export interface HelperFunction {
  readonly name: string;
  readonly text: string;
}

/** One i32 in the call's argument table. */
export type KernelArg =
  /** The integer itself. */
  | number
  /** Its absolute byte address. */
  | BufferRef
  /** The address of words kept for the session; their entries are resolved in turn. */
  | { readonly words: readonly KernelArg[] | Int32Array }
  /** The index of a function of another type in the function table. */
  | { readonly function: KernelFunction };

export interface KernelCall {
  readonly function: KernelFunction;
  readonly args: readonly KernelArg[];
  /** Independent pieces of work: 1 where nothing is parallel. */
  readonly units: number;
  /** Nanoseconds one unit takes on one core, roughly: decides how many threads share the call. */
  readonly costPerUnit: number;
  /** Must wait until all calls before it are done; otherwise it may run beside those since the last barrier. */
  readonly barrier: boolean;
  /** Bytes of scratch each thread needs. */
  readonly scratchBytes?: number;
  /** For people, and the layer node that caused it. */
  readonly title: string;
  readonly node?: string;
}
