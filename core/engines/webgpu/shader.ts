/**
 * What a fused kernel becomes on a GPU: WGSL compute shaders and the memory they touch. All memory is a few large buffers,
 * the pages; each is bound once as `read_write`, and where a tensor lies in its page comes from a uniform block, so that
 * kernels that differ only in their places share a pipeline.
 */
import type { BufferRef } from '../../plan/kernelProgram.ts';

/** What decides how shaders are cut; from the adapter. */
export interface GpuLimits {
  /** Largest storage buffer that can be bound, in bytes: how large a page can be. */
  readonly maxPageBytes: number;
  readonly maxStorageBuffers: number;
  readonly maxWorkgroupStorageBytes: number;
  readonly maxWorkgroupThreads: number;
  /** Per dimension. */
  readonly maxWorkgroups: number;
  /** Whether shaders may use subgroup operations. */
  readonly subgroups: boolean;
  /** Threads of a subgroup where all shaders have as many, else 0. */
  readonly subgroupSize: number;
  /** The processor plays the adapter: what counts is then fewer accesses to memory and barriers, not thousands of threads. */
  readonly isSoftware: boolean;
}

/** `slot` and `arena` may take several pages; `step` holds rows, scalars, key and status of one step; `scratch` is for sums split over workgroups. */
export interface PageId {
  readonly kind: 'slot' | 'arena' | 'step' | 'scratch';
  readonly index: number;
}

export interface PlacedBuffer {
  readonly page: PageId;
  /** A multiple of 4. */
  readonly byteOffset: number;
}

/** Where a kernel's buffer lies; never across two pages. */
export type Place = (buffer: BufferRef) => PlacedBuffer;

/** One dispatch. */
export interface Shader {
  /** WGSL with the entry point `main`; equal texts share a pipeline. */
  readonly code: string;
  /** Each at most `maxWorkgroups`. */
  readonly workgroups: readonly [number, number, number];
  /** What is bound as `@binding(1 + i)`, all `read_write`; at most `maxStorageBuffers`. */
  readonly pages: readonly PageId[];
  /** Content of the uniform block `@binding(0)`, `array<vec4u, n>`: word offsets of the kernel's buffers first. */
  readonly args: Uint32Array;
}

/** The dispatches of one kernel, in order. */
export interface KernelShaders {
  readonly shaders: readonly Shader[];
  /** Needed at offset 0 of the scratch page while the kernel runs. */
  readonly scratchBytes: number;
}
