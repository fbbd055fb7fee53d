/** From kernel functions to one WebAssembly module. */
import createWabt from 'wabt';
import { epilogueType } from './contract/driver.ts';
import { dispatcherText } from './dispatcher.ts';
import type { EmitTarget, KernelFunction } from './kernelFunction.ts';
import { webAssembly, type WasmModule } from './webAssembly.ts';

export interface ModuleParts {
  /** Their order is their index in the function table. */
  readonly functions: readonly KernelFunction[];
  /** Functions every module has. */
  readonly library: string;
  readonly memoryPages: number;
  readonly native: boolean;
  readonly target: EmitTarget;
}

export function moduleText({ functions, library, memoryPages, native, target }: ModuleParts): string {
  const helpers = new Map<string, string>();
  for (const each of functions) for (const { name, text } of each.helpers?.(target) ?? []) helpers.set(name, text);
  return `(module
(import "engine" "memory" (memory ${memoryPages} ${memoryPages} shared))
${native ? '(import "native" "region" (func $native_region (param i32)))' : ''}
${epilogueType}
${dispatcherText}
${library}
${[...helpers.values()].join('\n')}
${functions.map((each, i) => each.emit(`$f${i}`, target)).join('\n')}
(table (export "kernels") ${Math.max(functions.length, 1)} funcref)
(elem (i32.const 0) ${functions.map((_, i) => `$f${i}`).join(' ')}))`;
}

const features = { simd: true, relaxed_simd: true, threads: true, bulk_memory: true };

let started: ReturnType<typeof createWabt> | undefined;

/** Starts the assembler, once per thread: that takes longer than a module, and can be done while data is read. */
export function startAssembler(): ReturnType<typeof createWabt> {
  started ??= createWabt();
  return started;
}

/** @throws Error, a defect of an emitter, with wabt's line and reason */
export async function assemble(text: string): Promise<WasmModule> {
  const wabt = await startAssembler();
  const parsed = wabt.parseWat('kernels.wat', text, features);
  let bytes: Uint8Array;
  try {
    parsed.resolveNames();
    // The package's types leave the argument out.
    (parsed as { validate(options: typeof features): void }).validate(features);
    bytes = parsed.toBinary({}).buffer;
  } finally {
    // wabt's own memory is never collected.
    parsed.destroy();
  }
  return webAssembly.compile(bytes);
}
