/** The engine a run config asks for, on this machine. */
import type { Engine } from '../../core/engines/engine.ts';
import { createReferenceEngine } from '../../core/engines/reference/referenceEngine.ts';
import { raise } from '../../core/problem.ts';
import type { RunConfig } from '../../core/train/runConfig.ts';

export function createEngine(config: RunConfig['engine']): Engine {
  switch (config.kind) {
    case 'auto':
    case 'reference':
      return createReferenceEngine();
    case 'wasm':
    case 'native':
    case 'webgpu':
      raise({
        code: 'engine.unavailable',
        message: `The engine "${config.kind}" is not available on this machine; available: reference.`,
        where: { kind: 'config', path: 'engine.kind' },
        hint: 'Choose "auto", which takes the fastest one there is.',
        fixes: [{ kind: 'setConfig', label: 'Choose the engine automatically', path: 'engine.kind', value: 'auto' }],
      });
  }
}
