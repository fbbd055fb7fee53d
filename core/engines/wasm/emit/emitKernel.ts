/** Kernels as text. A name begins with `$`; functions called by kernels are in `kernelHelpers`, once per module. */
import type { ContractKernel, LoopKernel, SegmentKernel } from '../../../plan/kernelProgram.ts';
import { emitEpilogueBody, emitLoopBody } from './loop.ts';
import { emitSegment } from './segment.ts';

export { kernelHelpers } from './helpers.ts';

export interface EmitOptions {
  readonly name: string;
  /** Use fused multiply-adds where they are. */
  readonly relaxed: boolean;
}

/** `(func $name (param $args i32) (param $from i32) (param $to i32) ...)` */
export function emitKernel(kernel: LoopKernel | SegmentKernel, { name, relaxed }: EmitOptions): string {
  return kernel.kind === 'loop' ? emitLoopBody(kernel.body, name, relaxed) : emitSegment(kernel, name);
}

/** Equal signatures, equal functions. */
export function kernelSignature(kernel: LoopKernel | SegmentKernel): string {
  if (kernel.kind === 'loop') return `loop ${JSON.stringify(kernel.body)}`;
  const { fn, rows, columns, columnBlock, segmentCount } = kernel;
  return `segment ${JSON.stringify({ fn, rows, columns, columnBlock, segmentCount })}`;
}

/** `(func $name (param $args i32) (param $batch i32) (param $m0 i32) (param $m1 i32) (param $n0 i32) (param $n1 i32) (param $tile i32) (param $tileStride i32) ...)` */
export function emitEpilogue(kernel: ContractKernel, { name, relaxed }: EmitOptions): string {
  if (kernel.epilogue === undefined) throw new Error('emit: the contraction has no epilogue');
  return emitEpilogueBody(kernel.epilogue, name, relaxed);
}

export function epilogueSignature(kernel: ContractKernel): string {
  return `epilogue ${JSON.stringify(kernel.epilogue)}`;
}
