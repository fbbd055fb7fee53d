import { describe, expect, it } from 'vitest';
import type { Engine } from '../../core/engines/engine.ts';
import { createReferenceEngine } from '../../core/engines/reference/referenceEngine.ts';
import { createWasmEngine } from '../../core/engines/wasm/wasmEngine.ts';
import { createBuilder } from '../../core/program/builder.ts';
import { gradients } from '../../core/program/gradient.ts';
import { expectClose } from '../../core/testing/compare.ts';
import { describeEngine } from '../../core/testing/describeEngine.ts';
import { engineTolerances, exact } from '../../core/testing/tolerances.ts';
import type { SlotSpec } from '../../core/program/program.ts';
import { loadNative } from '../native/loadNative.ts';
import { spawnHelper } from './helperThreads.ts';

const { accelerator } = loadNative();

/** Two dense layers on 300 rows, gradients of the mean square stored. */
function session() {
  const slots: SlotSpec[] = [];
  const b = createBuilder({ name: 'train', batchSize: 0 });
  const slot = (name: string, shape: readonly number[]) => {
    slots.push({ name, kind: 'parameter', type: { shape, dtype: 'f32' } });
    return b.slot(name, { shape, dtype: 'f32' });
  };
  const [x, first, second] = [slot('x', [300, 129]), slot('first', [200, 129]), slot('second', [37, 200])];
  const hidden = b.unary('tanh', b.contract('bi,oi->bo', x, first));
  const loss = b.mean(b.unary('square', b.contract('bi,oi->bo', hidden, second)), [0, 1]);
  gradients(b, loss, [first, second]).forEach((gradient, i) => {
    const weight = [first, second][i]!;
    b.assign(i === 0 ? 'first' : 'second', b.subtract(weight, b.multiply(gradient, 0.5)));
  });
  return { programs: { train: b.build() }, slots, seed: 1 };
}

async function weightsAfter(engine: Engine, steps: number): Promise<ArrayLike<number>[]> {
  const loaded = session();
  await engine.load(loaded);
  for (const { name, type } of loaded.slots) {
    const count = type.shape.reduce((product, size) => product * size, 1);
    await engine.write(
      name,
      Float32Array.from({ length: count }, (_, i) => Math.sin(1.3 * i) / 8),
    );
  }
  await engine.run('train', { steps, firstStep: 0 });
  const weights = [await engine.read('first'), await engine.read('second')];
  await engine.dispose();
  return weights;
}

describe.skipIf(accelerator === undefined)('with the native accelerator', () => {
  const create = (threads: number) => createWasmEngine({ threads, spawn: spawnHelper, accelerator: accelerator! });
  describeEngine('native on two threads', () => create(2));

  it('trains as the reference does, with the same bits on 1, 2 and 4 threads', async () => {
    const expected = await weightsAfter(createReferenceEngine({ precision: 'f64' }), 5);
    const one = await weightsAfter(create(1), 5);
    one.forEach((weights, i) => expectClose(weights, expected[i]!, engineTolerances.native, { what: `weight ${i}` }));
    for (const threads of [2, 4]) {
      const more = await weightsAfter(create(threads), 5);
      more.forEach((weights, i) => expectClose(weights, one[i]!, exact, { what: `weight ${i}, ${threads} threads` }));
    }
    expect(create(1).info.kind).toBe('native');
  });
});
