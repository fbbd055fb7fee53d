/** From the kernels of a plan to calls of WebAssembly functions. */
import type { ContractKernel, Kernel, KernelProgram } from '../../plan/kernelProgram.ts';
import { contractCall, type ContractOptions } from './contract/contractCall.ts';
import { emitEpilogue, emitKernel, epilogueSignature, kernelHelpers, kernelSignature } from './emit/emitKernel.ts';
import type { EmitTarget, KernelCall } from './kernelFunction.ts';

/** The planner's costs are those of memory; a kernel that touches no more than a cache holds takes this share of them. */
const cachedBytes = 1 << 21;
const cachedShare = 0.4;

/** Functions that any kernel may call. */
export function kernelLibrary(_target: EmitTarget): string {
  return kernelHelpers;
}

export function programCalls(program: KernelProgram, options: ContractOptions): KernelCall[] {
  return program.kernels.map((kernel) => kernelCall(kernel, options));
}

function kernelCall(kernel: Kernel, options: ContractOptions): KernelCall {
  if (kernel.kind === 'contract') return contractCall(kernel, options, epilogueOf(kernel));
  return {
    function: {
      signature: kernelSignature(kernel),
      emit: (name, { relaxed }) => emitKernel(kernel, { name, relaxed }),
    },
    args: kernel.buffers,
    units: kernel.units,
    costPerUnit: kernel.costPerUnit * (kernel.bytes < cachedBytes ? cachedShare : 1),
    barrier: kernel.barrier,
    title: kernel.title,
    ...(kernel.node === undefined ? {} : { node: kernel.node }),
  };
}

function epilogueOf(kernel: ContractKernel): Parameters<typeof contractCall>[2] {
  if (kernel.epilogue === undefined) return undefined;
  return {
    function: {
      signature: `epilogue ${epilogueSignature(kernel)}`,
      emit: (name, { relaxed }) => emitEpilogue(kernel, { name, relaxed }),
    },
    args: kernel.buffers,
  };
}
