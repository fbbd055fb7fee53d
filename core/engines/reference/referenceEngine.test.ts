import { GCProfiler } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { createBuilder } from '../../program/builder.ts';
import type { TensorType } from '../../program/program.ts';
import { describeEngine, everyOpRequest, everyOpSession, fillEveryOp } from '../../testing/describeEngine.ts';
import { createReferenceEngine } from './referenceEngine.ts';

const once = { steps: 1, firstStep: 0 };

describeEngine('the reference engine', () => createReferenceEngine());

describe('the reference engine', () => {
  it('says what it is', () => {
    expect(createReferenceEngine().info).toEqual({
      kind: 'reference',
      label: 'reference, 1 thread',
      numerics: 'reference/f32/1',
      threads: 1,
    });
    expect(createReferenceEngine({ precision: 'f64' }).info.numerics).toBe('reference/f64/1');
  });

  it('computes in double precision when asked', async () => {
    const pair: TensorType = { shape: [2], dtype: 'f32' };
    const b = createBuilder({ name: 'main', batchSize: 0 });
    b.assign('p', b.divide(b.slot('p', pair), 3));
    const session = { programs: { main: b.build() }, slots: [{ name: 'p', kind: 'carry' as const, type: pair }], seed: 1 };
    const results = [];
    for (const engine of [createReferenceEngine(), createReferenceEngine({ precision: 'f64' })]) {
      await engine.load(session);
      await engine.write('p', Float32Array.of(1, 2));
      await engine.run('main', once);
      results.push(await engine.read('p'));
    }
    expect(results).toEqual([Float32Array.of(1 / 3, 2 / 3), Float64Array.of(1 / 3, 2 / 3)]);
  });

  it('allocates nothing per step', async () => {
    const engine = createReferenceEngine();
    await engine.load(everyOpSession());
    await fillEveryOp(engine);
    const steps = 2000;
    const long = everyOpRequest(steps, 0);
    // Warm up until everything is compiled.
    for (let i = 0; i < 3; i++) await engine.run('train', long);
    const growths: number[] = [];
    for (let i = 0; i < 5; i++) {
      const collections = new GCProfiler();
      collections.start();
      const before = process.memoryUsage();
      await engine.run('train', long);
      const after = process.memoryUsage();
      const growth = after.heapUsed - before.heapUsed + after.arrayBuffers - before.arrayBuffers;
      // A collection would hide what was allocated.
      growths.push(collections.stop()!.statistics.length > 0 ? Infinity : growth);
    }
    // A single number object per step would be 16 bytes; the least leaves out compilation in the background.
    expect(Math.min(...growths) / steps).toBeLessThan(8);
  });
});
