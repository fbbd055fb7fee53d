/**
 * How far results may be apart: |got − expected| ≤ absolute + relative · |expected|. Every tolerance of the project's
 * numeric tests stands here, so that none is widened unseen.
 */
import type { EngineKind } from '../engines/engine.ts';

export interface Tolerance {
  readonly relative: number;
  readonly absolute: number;
}

/** For results that are the same bits. */
export const exact: Tolerance = { relative: 0, absolute: 0 };

/**
 * Analytic gradients in f64 against central differences with step 1e-5: the differences' truncation error is about
 * 1e-10, their rounding error about 1e-11, both times the size of the third derivative and of the function.
 */
export const gradientTolerance: Tolerance = { relative: 1e-6, absolute: 1e-7 };

/** Double-precision results against closed forms: a few rounding errors of 1.1e-16. */
export const f64Tolerance: Tolerance = { relative: 1e-13, absolute: 1e-13 };

/** f32 results of each engine against the reference in f64, for ops on a few dozen elements of size about 1. */
export const engineTolerances: { readonly [K in EngineKind]: Tolerance } = {
  // One rounding of 6e-8 per op; the backward pass of an op is up to six ops.
  reference: { relative: 2e-6, absolute: 2e-6 },
  // The same, with sums in f32 and polynomial exp, log, tanh, erf.
  wasm: { relative: 1e-5, absolute: 1e-5 },
  native: { relative: 1e-5, absolute: 1e-5 },
  // WGSL lets division be 2.5 ulp and exp, log, sin, cos several ulp off.
  webgpu: { relative: 1e-4, absolute: 1e-4 },
};

/** Double-precision results against PyTorch's, also in double precision: different order of sums, other polynomials. */
export const torchTolerance: Tolerance = { relative: 1e-12, absolute: 1e-12 };

/**
 * Twenty optimizer steps against PyTorch in double precision. Learning rates reach every engine as f32 scalars
 * (rounding 6e-8), which is all that separates float64; in f32 the steps' own rounding adds up.
 */
export const optimizerPathTolerances = {
  f64: { relative: 2e-7, absolute: 2e-7 },
  f32: { relative: 5e-6, absolute: 5e-6 },
  /** Division and square roots of 2.5 ulp. */
  webgpu: { relative: 1e-5, absolute: 1e-5 },
} satisfies Record<string, Tolerance>;

/**
 * First ten training losses against PyTorch, which sums in another order: float64 differs by the f32 learning rate and
 * 1/255, both rounded to 6e-8 of changes of about 0.1; in f32 ten steps' rounding adds up.
 */
export const lossPathTolerances = {
  f64: { relative: 1e-8, absolute: 0 },
  f32: { relative: 2e-6, absolute: 0 },
  /** exp, log and division of some ulp in every step. */
  webgpu: { relative: 1e-5, absolute: 0 },
} satisfies Record<string, Tolerance>;

/** The column of the two tables above for an engine that computes in f32. */
export function pathTolerance(kind: EngineKind): 'f32' | 'webgpu' {
  return kind === 'webgpu' ? 'webgpu' : 'f32';
}

/** Random programs of a dozen ops on the compiled engine: each op may double the error of its argument or so. */
export const randomProgramTolerance: Tolerance = { relative: 2e-4, absolute: 2e-4 };
