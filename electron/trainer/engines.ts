/** Which engines this machine has. */
import type { EngineKind } from '../../core/engines/engine.ts';
import type { GpuAdapter } from '../../core/engines/webgpu/adapter.ts';
import type { Problem } from '../../core/problem.ts';
import type { RunConfig } from '../../core/train/runConfig.ts';
import { loadNative } from '../native/loadNative.ts';

/**
 * `auto` takes the first.
 * @param adapters what windows offer
 */
export function availableEngines(adapters: readonly GpuAdapter[] = []): readonly EngineKind[] {
  const compiled: EngineKind[] = loadNative().accelerator === undefined ? ['wasm'] : ['native', 'wasm'];
  return [...compiled, ...(adapters.length > 0 ? (['webgpu'] as const) : []), 'reference'];
}

/**
 * Why a run cannot have the engine it asks for. Whether there is a graphics card shows only when the run begins; without
 * one it takes another engine.
 */
export function engineProblem({ kind }: RunConfig['engine'], hasWindows: boolean): Problem | undefined {
  const available = availableEngines();
  if (kind === 'auto' || available.includes(kind) || (kind === 'webgpu' && hasWindows)) return undefined;
  if (kind === 'webgpu') {
    return {
      code: 'engine.needsWindow',
      message: `WebGPU computes in the app's window, which the command line does not have: choose auto, ${available.slice(0, -1).join(', ')} or ${available.at(-1)}.`,
      where: { kind: 'config', path: 'engine.kind' },
    };
  }
  const reason = kind === 'native' ? ` ${loadNative().notice?.message ?? ''}` : '';
  return {
    code: 'engine.unavailable',
    message: `The engine "${kind}" is not available on this machine; available: ${available.join(', ')}.${reason}`,
    where: { kind: 'config', path: 'engine.kind' },
    hint: 'Choose "auto", which takes the fastest one there is.',
    fixes: [{ kind: 'setConfig', label: 'Choose the engine automatically', path: 'engine.kind', value: 'auto' }],
  };
}
