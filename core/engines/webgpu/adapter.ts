/** What is known of a graphics adapter without running anything on it: for the engine list, the settings and the planner. */
import type { NumericsId } from '../engine.ts';
import type { GpuLimits } from './shader.ts';

/** Raised when results change by more than rounding. */
export const webgpuNumerics: NumericsId = 'webgpu/1';

export interface GpuAdapter {
  /** For people: `SwiftShader, software`, `nvidia ampere`. */
  readonly label: string;
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  /** Computed by the processor: right, but slow; never chosen by itself. */
  readonly isSoftware: boolean;
  /** Largest buffer it makes, in bytes. */
  readonly maxBufferBytes: number;
  readonly limits: GpuLimits;
}
