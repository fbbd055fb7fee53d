/** Contractions on a GPU: out[batch, m, n] = epilogue(Σk left[batch, m, k] · right[batch, n, k]). */
import type { ContractKernel } from '../../../plan/kernelProgram.ts';
import type { GpuLimits, KernelShaders, Place } from '../shader.ts';
import { countOf } from './groups.ts';
import { laneShaders } from './lanes.ts';
import { tileShaders } from './tiles.ts';

export function contractShaders(kernel: ContractKernel, place: Place, limits: GpuLimits): KernelShaders {
  const { batch, m, n } = kernel;
  if (countOf(batch) * countOf(m) * countOf(n) === 0) return { shaders: [], scratchBytes: 0 };
  return limits.isSoftware ? laneShaders(kernel, place, limits) : tileShaders(kernel, place, limits);
}
