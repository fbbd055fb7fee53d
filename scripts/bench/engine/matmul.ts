/** Square matrix products on one of our engines: what share of the machine's peak the contraction kernel reaches. */
import type { Engine, EngineKind } from '../../../core/engines/engine.ts';
import { createBuilder } from '../../../core/program/builder.ts';
import type { SlotSpec } from '../../../core/program/program.ts';
import { contractionFlops } from '../flops.ts';
import type { EngineBench } from './training.ts';

export async function openMatmul(engine: Engine, size: number): Promise<EngineBench> {
  const b = createBuilder({ name: 'matmul', batchSize: 0 });
  const type = { shape: [size, size], dtype: 'f32' } as const;
  b.assign('product', b.contract('ik,kj->ij', b.slot('left', type), b.slot('right', type)));
  const program = b.build();
  const slots = ['left', 'right', 'product'].map((name): SlotSpec => ({ name, kind: 'carry', type }));
  await engine.load({ programs: { matmul: program }, slots, seed: 1 });
  await engine.write('left', matrixOf(size, 1));
  await engine.write('right', matrixOf(size, 2));
  return {
    flops: contractionFlops(program),
    async run(steps) {
      const startMs = performance.now();
      await engine.run('matmul', { steps, firstStep: 0 });
      const elapsedUs = (performance.now() - startMs) * 1000;
      // One element stands for the product in the comparison with the peers.
      const [element = NaN] = await engine.read('product', size + 1, 1);
      return { elapsedUs, loss: element };
    },
  };
}

/** As in peers/serve.mjs. */
function matrixOf(size: number, seed: number): Float32Array {
  return Float32Array.from({ length: size * size }, (_, i) => (((i * 2654435761 + seed) >>> 8) % 1000) / 1000 - 0.5);
}

export function isEngineKind(text: string): text is EngineKind {
  return text === 'reference' || text === 'wasm' || text === 'native';
}
