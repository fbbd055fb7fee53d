/** Makes the engine a run config asks for. */
import type { Engine } from '../../core/engines/engine.ts';
import { createReferenceEngine } from '../../core/engines/reference/referenceEngine.ts';
import { raise } from '../../core/problem.ts';
import type { RunConfig } from '../../core/train/runConfig.ts';
import { engineProblem } from './engines.ts';

/** @throws ProblemError when this machine does not have it */
export function createEngine(config: RunConfig['engine']): Engine {
  const problem = engineProblem(config);
  if (problem !== undefined) raise(problem);
  return createReferenceEngine();
}
