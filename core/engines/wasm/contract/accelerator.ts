/** The optional native accelerator of contractions, as the engine sees it; implemented in `electron/native`. */

export interface Accelerator {
  /** The numerics id of results computed with it: `native/avx512/1`. */
  readonly numerics: string;
  /** For the status line: `AVX-512`. */
  readonly label: string;
  /** Computes the region whose block (`regionWords`) lies at an address of this memory. Once per thread. */
  bind(buffer: SharedArrayBuffer): (regionAddress: number) => void;
  /** @throws Error where a descriptor reaches outside the memory */
  check(buffer: SharedArrayBuffer, descriptorAddress: number): void;
}
