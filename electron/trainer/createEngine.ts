/** Makes the engine a run config asks for, where it computes in this process. */
import { availableParallelism } from 'node:os';
import type { Engine } from '../../core/engines/engine.ts';
import { createReferenceEngine } from '../../core/engines/reference/referenceEngine.ts';
import { createWasmEngine } from '../../core/engines/wasm/wasmEngine.ts';
import { raise } from '../../core/problem.ts';
import type { RunConfig } from '../../core/train/runConfig.ts';
import { loadNative } from '../native/loadNative.ts';
import { availableEngines, engineProblem } from './engines.ts';
import { prepareHelpers, spawnHelper } from './helperThreads.ts';

/** @throws ProblemError when this machine does not have it */
export function createEngine(config: RunConfig['engine']): Engine {
  const problem = engineProblem(config, false);
  if (problem !== undefined) raise(problem);
  const kind = config.kind === 'auto' ? availableEngines()[0] : config.kind;
  if (kind === 'reference') return createReferenceEngine();
  const accelerator = kind === 'native' ? loadNative().accelerator : undefined;
  // More threads than cores would only wait for each other; results don't depend on them.
  const threads = Math.min(config.threads, availableParallelism());
  prepareHelpers(threads - 1);
  return createWasmEngine({
    threads,
    spawn: spawnHelper,
    ...(accelerator === undefined ? {} : { accelerator }),
  });
}

/** Does something with an engine that is not needed afterwards. */
export async function useEngine<T>(engine: Engine, work: (engine: Engine) => Promise<T>): Promise<T> {
  try {
    return await work(engine);
  } finally {
    await engine.dispose();
  }
}
