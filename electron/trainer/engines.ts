/** Which engines this machine has; known to the host, which never loads one. */
import type { EngineKind } from '../../core/engines/engine.ts';
import type { Problem } from '../../core/problem.ts';
import type { RunConfig } from '../../core/train/runConfig.ts';

/** Fastest first: what `auto` takes. */
export const availableEngines: readonly EngineKind[] = ['reference'];

/** Why a run cannot have the engine it asks for. */
export function engineProblem({ kind }: RunConfig['engine']): Problem | undefined {
  if (kind === 'auto' || availableEngines.includes(kind)) return undefined;
  return {
    code: 'engine.unavailable',
    message: `The engine "${kind}" is not available on this machine; available: ${availableEngines.join(', ')}.`,
    where: { kind: 'config', path: 'engine.kind' },
    hint: 'Choose "auto", which takes the fastest one there is.',
    fixes: [{ kind: 'setConfig', label: 'Choose the engine automatically', path: 'engine.kind', value: 'auto' }],
  };
}
