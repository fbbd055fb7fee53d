/** The part of the WebAssembly interface the engine uses; the folder compiles without a browser's or Node's types. */

export interface WasmMemory {
  readonly buffer: SharedArrayBuffer;
}

export interface WasmModule {
  readonly kind?: 'module';
}

export interface WasmGlobal {
  value: number;
}

interface WasmApi {
  validate(bytes: Uint8Array): boolean;
  compile(bytes: Uint8Array): Promise<WasmModule>;
  readonly Memory: new (descriptor: { initial: number; maximum: number; shared: true }) => WasmMemory;
  readonly Instance: new (
    module: WasmModule,
    imports: Record<string, Record<string, unknown>>,
  ) => { readonly exports: Readonly<Record<string, unknown>> };
}

export const webAssembly = (globalThis as unknown as { WebAssembly: WasmApi }).WebAssembly;

export const pageBytes = 65_536;
/** As many as 32-bit addresses reach. */
export const maximumPages = 65_536;

/**
 * (module (func (result v128) one of f32x4.relaxed_madd on three zero vectors)): the runtime validates it if it has
 * relaxed SIMD.
 */
// prettier-ignore
const relaxedProbe = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0,
  1, 5, 1, 96, 0, 1, 123,
  3, 2, 1, 0,
  10, 61, 1, 59, 0,
  253, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  253, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  253, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  253, 133, 2, 11,
);

export function hasRelaxedSimd(): boolean {
  return webAssembly.validate(relaxedProbe);
}
