/** Which engines this machine has. */
import type { EngineKind } from '../../core/engines/engine.ts';
import type { Problem } from '../../core/problem.ts';
import type { RunConfig } from '../../core/train/runConfig.ts';
import { loadNative } from '../native/loadNative.ts';

/** Fastest first: what `auto` takes. */
export function availableEngines(): readonly EngineKind[] {
  return loadNative().accelerator === undefined ? ['wasm', 'reference'] : ['native', 'wasm', 'reference'];
}

/** Why a run cannot have the engine it asks for. */
export function engineProblem({ kind }: RunConfig['engine']): Problem | undefined {
  const available = availableEngines();
  if (kind === 'auto' || available.includes(kind)) return undefined;
  const reason = kind === 'native' ? ` ${loadNative().notice?.message ?? ''}` : '';
  return {
    code: 'engine.unavailable',
    message: `The engine "${kind}" is not available on this machine; available: ${available.join(', ')}.${reason}`,
    where: { kind: 'config', path: 'engine.kind' },
    hint: 'Choose "auto", which takes the fastest one there is.',
    fixes: [{ kind: 'setConfig', label: 'Choose the engine automatically', path: 'engine.kind', value: 'auto' }],
  };
}
