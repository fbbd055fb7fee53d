/** What each kind of kernel becomes on a GPU. */
import type { Kernel } from '../../plan/kernelProgram.ts';
import { contractShaders } from './contract/contractShaders.ts';
import type { GpuLimits, KernelShaders, Place } from './shader.ts';
import { loopShaders } from './wgsl/loop.ts';
import { segmentShaders } from './wgsl/segment.ts';

export function kernelShaders(kernel: Kernel, place: Place, limits: GpuLimits): KernelShaders {
  switch (kernel.kind) {
    case 'loop':
      return loopShaders(kernel, place, limits);
    case 'segment':
      return segmentShaders(kernel, place, limits);
    case 'contract':
      return contractShaders(kernel, place, limits);
    default:
      return kernel satisfies never;
  }
}
