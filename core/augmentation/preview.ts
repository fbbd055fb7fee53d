/** Images as training would see them, for a look: with pixels scaled 0–1, whatever the preparation. */
import { createReferenceEngine } from '../engines/reference/referenceEngine.ts';
import { batchDim, dim } from '../graph/shape.ts';
import { createBuilder } from '../program/builder.ts';
import { augment, type AugmentationConfig } from './index.ts';
import { mixed, mixingShare } from './mixUp.ts';

export interface ImageBatch {
  readonly shape: readonly [number, number, number];
  readonly count: number;
  /** count × C × H × W */
  readonly bytes: Uint8Array;
}

/** The same images as in training step `step`. */
export async function augmentedImages({ shape, count, bytes }: ImageBatch, config: AugmentationConfig, step: number): Promise<Uint8Array> {
  const [channels, height, width] = shape;
  const role = {
    name: 'image',
    kind: 'input',
    shape: [batchDim, dim('C', channels), dim('H', height), dim('W', width)],
    description: '',
  } as const;
  const affine = { multiply: 1 / 255, add: 0 };
  const b = createBuilder({ name: 'look', batchSize: 0 });
  const type = { shape: [count, ...shape], dtype: 'u8' } as const;
  const changed = augment(b, b.multiply(b.cast(b.slot('images', type), 'f32'), affine.multiply), config, { role, affine });
  const alpha = config.mixUp ?? 0;
  b.assign('out', alpha === 0 ? changed : mixed(b, changed, mixingShare(b, alpha)));
  const engine = createReferenceEngine();
  await engine.load({
    programs: { look: b.build() },
    slots: [
      { name: 'images', kind: 'data', type },
      { name: 'out', kind: 'carry', type: { shape: type.shape, dtype: 'f32' } },
    ],
    seed: 1,
  });
  await engine.write('images', bytes);
  await engine.run('look', { steps: 1, firstStep: step });
  const out = await engine.read('out');
  await engine.dispose();
  return Uint8Array.from(out, (value) => Math.min(255, Math.max(0, Math.round(255 * value))));
}
