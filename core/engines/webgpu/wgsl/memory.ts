/** How a shader reaches a kernel's buffers: pages as bindings, word offsets from the uniform block, elements of each type. */
import type { BufferRef } from '../../../plan/kernelProgram.ts';
import type { DType } from '../../../program/program.ts';
import type { PageId, Place } from '../shader.ts';

export interface MemoryOptions {
  /** Indices of buffers of u8 elements: they may begin anywhere, and their place is counted in bytes. */
  readonly bytes?: readonly number[];
  /** Indices of buffers whose page is made of atomics: a byte's neighbours in its word belong to other threads. */
  readonly atomics?: readonly number[];
  /** Indices of f32 buffers that are read or written four elements at a time; left out where a page is made of atomics. */
  readonly vectors?: readonly number[];
  /** Adds the scratch page as the last buffer, `atomic` or plain. */
  readonly scratch?: 'plain' | 'atomic';
}

export interface ShaderMemory {
  /** `@group(0)` declarations and the variable `args`. */
  readonly declarations: string;
  readonly pages: readonly PageId[];
  readonly args: Uint32Array;
  /** WGSL of an element; `index` is a u32 or i32 expression, in elements. i32 for u8 too. */
  load(buffer: number, dtype: DType, index: string): string;
  /** The same by place: `base` + index. */
  loadAt(buffer: number, dtype: DType, place: string): string;
  /** WGSL statement that stores an element; `value` is f32, or i32 for i32 and u8. */
  store(buffer: number, dtype: DType, index: string, value: string): string;
  storeAt(buffer: number, dtype: DType, place: string, value: string): string;
  /** Whether `load4` and `store4` can be used: asked for, and no atomics in its page. */
  isVector(buffer: number): boolean;
  /** vec4f at a place that is a multiple of 4. */
  load4(buffer: number, place: string): string;
  store4(buffer: number, place: string, value: string): string;
  /** WGSL u32 expression: the buffer's first word in its page; of u8 buffers its first byte. */
  base(buffer: number): string;
  /** Name of the page variable a buffer lies in, `array<u32>` (of atomics where bytes are stored, of vec4u where vectors were asked for). */
  pageOf(buffer: number): string;
  /** Index of the scratch buffer, if asked for. */
  readonly scratch: number;
}

const scratchPage: PageId = { kind: 'scratch', index: 0 };

export function shaderMemory(buffers: readonly BufferRef[], place: Place, options: MemoryOptions = {}): ShaderMemory {
  const { bytes = [], atomics = [], vectors = [], scratch } = options;
  const placed = buffers.map(place);
  if (scratch !== undefined) placed.push({ page: scratchPage, byteOffset: 0 });
  const pages: PageId[] = [];
  const bindings = placed.map(({ page }) => {
    const known = pages.findIndex((other) => other.kind === page.kind && other.index === page.index);
    return known >= 0 ? known : pages.push(page) - 1;
  });
  const atomic = new Set(atomics.map((buffer) => bindings[buffer]));
  if (scratch === 'atomic') atomic.add(bindings.at(-1));
  const vector = new Set(vectors.map((buffer) => bindings[buffer]).filter((page) => !atomic.has(page)));
  const typeOf = (page: number) => (atomic.has(page) ? 'atomic<u32>' : vector.has(page) ? 'vec4u' : 'u32');
  const words = Math.max(1, Math.ceil(placed.length / 4));
  const args = new Uint32Array(words * 4);
  placed.forEach(({ byteOffset }, i) => (args[i] = bytes.includes(i) ? byteOffset : byteOffset / 4));
  const declarations = [
    `@group(0) @binding(0) var<uniform> args: array<vec4u, ${words}>;`,
    ...pages.map((_, i) => `@group(0) @binding(${i + 1}) var<storage, read_write> page${i}: array<${typeOf(i)}>;`),
  ].join('\n');

  const pageOf = (buffer: number) => `page${bindings[buffer]!}`;
  const base = (buffer: number) => `args[${buffer >> 2}].${'xyzw'[buffer & 3]!}`;
  const elementAt = (buffer: number, place: string) =>
    vector.has(bindings[buffer]) ? `${pageOf(buffer)}[(${place}) >> 2u][(${place}) & 3u]` : `${pageOf(buffer)}[${place}]`;
  const word = (buffer: number, place: string) => {
    const element = elementAt(buffer, place);
    return atomic.has(bindings[buffer]) ? `atomicLoad(&${element})` : element;
  };
  const byteShift = (place: string) => `((${place} & 3u) * 8u)`;

  function loadAt(buffer: number, dtype: DType, place: string): string {
    if (dtype === 'u8') return `i32((${word(buffer, `(${place}) >> 2u`)} >> ${byteShift(`(${place})`)}) & 255u)`;
    const bits = word(buffer, place);
    return dtype === 'f32' ? `bitcast<f32>(${bits})` : `bitcast<i32>(${bits})`;
  }

  function storeAt(buffer: number, dtype: DType, at: string, value: string): string {
    const isAtomic = atomic.has(bindings[buffer]);
    if (dtype !== 'u8') {
      const element = elementAt(buffer, at);
      const bits = `bitcast<u32>(${value})`;
      return isAtomic ? `atomicStore(&${element}, ${bits});` : `${element} = ${bits};`;
    }
    if (!isAtomic) throw new Error('shaderMemory: bytes are stored in a buffer that was not named in atomics');
    const element = `&${pageOf(buffer)}[(${at}) >> 2u]`;
    const shift = byteShift(`(${at})`);
    return `atomicAnd(${element}, ~(255u << ${shift})); atomicOr(${element}, (u32(${value}) & 255u) << ${shift});`;
  }

  const placeOf = (buffer: number, index: string) => `${base(buffer)} + u32(${index})`;
  return {
    declarations,
    pages,
    args,
    pageOf,
    base,
    scratch: placed.length - 1,
    loadAt,
    storeAt,
    isVector: (buffer) => vectors.includes(buffer) && vector.has(bindings[buffer]),
    load4: (buffer, at) => `bitcast<vec4f>(${pageOf(buffer)}[(${at}) >> 2u])`,
    store4: (buffer, at, value) => `${pageOf(buffer)}[(${at}) >> 2u] = bitcast<vec4u>(${value});`,
    load: (buffer, dtype, index) => loadAt(buffer, dtype, placeOf(buffer, index)),
    store: (buffer, dtype, index, value) => storeAt(buffer, dtype, placeOf(buffer, index), value),
  };
}
