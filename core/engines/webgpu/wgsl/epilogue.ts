/** Work on the sums of a contraction, one by one, as a function its shader calls. */
import type { Epilogue } from '../../../plan/kernelProgram.ts';
import { bodyMemory, createBody } from './body.ts';
import type { MemoryOptions, ShaderMemory } from './memory.ts';
import { alone } from './totals.ts';

/** What the epilogue asks of the kernel's memory. */
export function epilogueMemory({ body }: Epilogue): MemoryOptions {
  return bodyMemory(body);
}

/** `fn epilogue(batch: u32, m: u32, n: u32, tile: f32)`: flat indices within their groups, and the sum; with all it calls. */
export function emitEpilogue({ body, batchAxes, mAxes }: Epilogue, memory: ShaderMemory): string {
  const b = createBody(body, memory);
  b.decode(body.outer.slice(0, batchAxes), 'batch');
  b.decode(body.outer.slice(batchAxes, batchAxes + mAxes), 'm');
  b.decode(body.outer.slice(batchAxes + mAxes), 'n');
  b.row(alone);
  return `${b.declarations()}
fn epilogue(batch: u32, m: u32, n: u32, tile: f32) {
${b.statements()}
}`;
}
