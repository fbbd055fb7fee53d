/** How a shader reaches a kernel's buffers: pages as bindings, word offsets from the uniform block, elements of each type. */
import type { BufferRef } from '../../../plan/kernelProgram.ts';
import type { DType } from '../../../program/program.ts';
import type { PageId, Place } from '../shader.ts';

/** A byte is written with atomics, because its neighbours in the word belong to other threads. */
export interface MemoryOptions {
  /** Indices of buffers whose u8 elements are stored. */
  readonly byteStores?: readonly number[];
  /** Adds the scratch page as the last buffer. */
  readonly scratch?: boolean;
}

export interface ShaderMemory {
  /** `@group(0)` declarations and the variable `args`. */
  readonly declarations: string;
  readonly pages: readonly PageId[];
  readonly args: Uint32Array;
  /** WGSL of an element; `index` is a u32 or i32 expression, in elements. i32 for u8 too. */
  load(buffer: number, dtype: DType, index: string): string;
  /** WGSL statement that stores an element; `value` is f32, or i32 for i32 and u8. */
  store(buffer: number, dtype: DType, index: string, value: string): string;
  /** WGSL u32 expression: the buffer's first word in its page. */
  base(buffer: number): string;
  /** Name of the page variable a buffer lies in, `array<u32>` (or of atomics where bytes are stored). */
  pageOf(buffer: number): string;
  /** Index of the scratch buffer, if asked for. */
  readonly scratch: number;
}

const scratchPage: PageId = { kind: 'scratch', index: 0 };

export function shaderMemory(buffers: readonly BufferRef[], place: Place, options: MemoryOptions = {}): ShaderMemory {
  const placed = buffers.map(place);
  if (options.scratch === true) placed.push({ page: scratchPage, byteOffset: 0 });
  const pages: PageId[] = [];
  const bindings = placed.map(({ page }) => {
    const known = pages.findIndex((other) => other.kind === page.kind && other.index === page.index);
    return known >= 0 ? known : pages.push(page) - 1;
  });
  const atomic = new Set((options.byteStores ?? []).map((buffer) => bindings[buffer]));
  const words = Math.max(1, Math.ceil(placed.length / 4));
  const args = new Uint32Array(words * 4);
  placed.forEach(({ byteOffset }, i) => (args[i] = byteOffset / 4));
  const declarations = [
    `@group(0) @binding(0) var<uniform> args: array<vec4u, ${words}>;`,
    ...pages.map(
      (_, i) => `@group(0) @binding(${i + 1}) var<storage, read_write> page${i}: array<${atomic.has(i) ? 'atomic<u32>' : 'u32'}>;`,
    ),
  ].join('\n');

  const pageOf = (buffer: number) => `page${bindings[buffer]!}`;
  const base = (buffer: number) => `args[${buffer >> 2}].${'xyzw'[buffer & 3]!}`;
  const word = (buffer: number, index: string) => {
    const element = `${pageOf(buffer)}[${index}]`;
    return atomic.has(bindings[buffer]) ? `atomicLoad(&${element})` : element;
  };
  const byteShift = (index: string) => `((u32(${index}) & 3u) * 8u)`;

  return {
    declarations,
    pages,
    args,
    pageOf,
    base,
    scratch: placed.length - 1,
    load(buffer, dtype, index) {
      if (dtype === 'u8') return `i32((${word(buffer, `${base(buffer)} + (u32(${index}) >> 2u)`)} >> ${byteShift(index)}) & 255u)`;
      const bits = word(buffer, `${base(buffer)} + u32(${index})`);
      return dtype === 'f32' ? `bitcast<f32>(${bits})` : `bitcast<i32>(${bits})`;
    },
    store(buffer, dtype, index, value) {
      if (dtype !== 'u8') {
        const element = `${pageOf(buffer)}[${base(buffer)} + u32(${index})]`;
        const bits = `bitcast<u32>(${value})`;
        return atomic.has(bindings[buffer]) ? `atomicStore(&${element}, ${bits});` : `${element} = ${bits};`;
      }
      if (!atomic.has(bindings[buffer])) throw new Error('shaderMemory: bytes are stored in a buffer that was not named in byteStores');
      const element = `&${pageOf(buffer)}[${base(buffer)} + (u32(${index}) >> 2u)]`;
      const mask = `(255u << ${byteShift(index)})`;
      return `atomicAnd(${element}, ~${mask}); atomicOr(${element}, (u32(${value}) << ${byteShift(index)}) & ${mask});`;
    },
  };
}
