/** The WebAssembly text of one kernel, as the engine assembles it, for the kernel inspector. */
import type { Kernel, KernelProgram } from '../../plan/kernelProgram.ts';
import type { ContractOptions } from './contract/contractCall.ts';
import type { EmitTarget, KernelArg, KernelFunction } from './kernelFunction.ts';
import { programCalls } from './kernels.ts';

/** The kernel's own function first, then what it does to a finished tile, then what it shares with others of its kind. */
export function kernelText(program: KernelProgram, kernel: Kernel, options: ContractOptions, target: EmitTarget): string {
  const call = programCalls({ ...program, kernels: [kernel] }, options)[0]!;
  const parts = [call.function.emit(call.node === undefined ? '$kernel' : `$${identifier(call.node)}`, target)];
  const epilogue = call.args.map(functionOf).find((each) => each !== undefined);
  if (epilogue !== undefined) parts.push(`;; On every finished tile of sums.\n${epilogue.emit('$epilogue', target)}`);
  for (const { text } of call.function.helpers?.(target) ?? []) parts.push(`;; Shared by all contractions of this kind.\n${text}`);
  return parts.map((part) => part.trim()).join('\n\n');
}

function functionOf(arg: KernelArg): KernelFunction | undefined {
  return typeof arg === 'object' && 'function' in arg ? arg.function : undefined;
}

const identifier = (node: string) => node.replace(/[^\w.-]/g, '_');
