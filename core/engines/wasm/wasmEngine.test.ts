import { GCProfiler } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { createBuilder, type Value } from '../../program/builder.ts';
import { gradients } from '../../program/gradient.ts';
import type { SlotSpec, TensorType } from '../../program/program.ts';
import { expectClose } from '../../testing/compare.ts';
import { describeEngine } from '../../testing/describeEngine.ts';
import { testHelpers } from '../../testing/helperThreads.ts';
import { exact } from '../../testing/tolerances.ts';
import type { Engine, Session } from '../engine.ts';
import { createReferenceEngine } from '../reference/referenceEngine.ts';
import { hasRelaxedSimd } from './webAssembly.ts';
import { createWasmEngine } from './wasmEngine.ts';

describeEngine('wasm on one thread', () => createWasmEngine());
describeEngine('wasm on two threads', () => createWasmEngine({ threads: 2, spawn: testHelpers }));
describeEngine('wasm without relaxed SIMD', () => createWasmEngine({ relaxed: false }));

const batch = 32;
const rowCount = 100;

/** An MLP with cross-entropy and SGD, large enough that threads share its kernels. */
function mlp(units: readonly number[], batchSize = batch): Session {
  const slots: SlotSpec[] = [
    { name: 'image', kind: 'data', type: { shape: [rowCount, units[0]!], dtype: 'u8' } },
    { name: 'label', kind: 'data', type: { shape: [rowCount], dtype: 'i32' } },
    { name: 'losses', kind: 'ring', type: { shape: [64], dtype: 'f32' } },
  ];
  const b = createBuilder({ name: 'train', batchSize });
  const parameters: { name: string; value: Value }[] = [];
  const parameter = (name: string, shape: readonly number[]) => {
    const type: TensorType = { shape, dtype: 'f32' };
    slots.push({ name, kind: 'parameter', type });
    const value = b.slot(name, type);
    parameters.push({ name, value });
    return value;
  };
  let x = b.divide(b.cast(b.gather(b.slot('image', slots[0]!.type), b.rows()), 'f32'), 255);
  units.slice(1).forEach((count, layer) => {
    const weight = parameter(`weight ${layer}`, [count, units[layer]!]);
    const sums = b.add(b.contract('bi,oi->bo', x, weight), parameter(`bias ${layer}`, [count]));
    x = layer + 2 < units.length ? b.maximum(sums, 0) : sums;
  });
  const shifted = b.subtract(x, b.stopGradient(b.max(x, [1], true)));
  const target = b.gather(b.slot('label', slots[1]!.type), b.rows());
  const chosen = b.binary('equal', b.iota([batchSize, units.at(-1)!], 1), b.reshape(target, [batchSize, 1]));
  const perRow = b.subtract(b.unary('log', b.sum(b.unary('exp', shifted), [1])), b.sum(b.multiply(shifted, chosen), [1]));
  const loss = b.mean(perRow, [0]);
  b.append('losses', loss);
  gradients(
    b,
    loss,
    parameters.map(({ value }) => value),
  ).forEach((gradient, i) => {
    const { name, value } = parameters[i]!;
    b.assign(name, b.subtract(value, b.multiply(gradient, b.scalar('rate'))));
  });
  return { programs: { train: b.build() }, slots, seed: 1 };
}

async function open(engine: Engine, session: Session): Promise<void> {
  await engine.load(session);
  for (const { name, kind, type } of session.slots) {
    const count = type.shape.reduce((product, size) => product * size, 1);
    if (kind === 'parameter')
      await engine.write(
        name,
        Float32Array.from({ length: count }, (_, i) => Math.sin(12.9 * i) / 16),
      );
    if (name === 'image')
      await engine.write(
        name,
        Uint8Array.from({ length: count }, (_, i) => (i * 7919) % 256),
      );
    if (name === 'label')
      await engine.write(
        name,
        Int32Array.from({ length: count }, (_, i) => i % 10),
      );
  }
}

function request(steps: number, firstStep = 0, batchSize = batch) {
  return {
    steps,
    firstStep,
    rows: Int32Array.from({ length: steps * batchSize }, (_, i) => ((firstStep * batchSize + i) * 31) % rowCount),
    scalars: new Float32Array(steps).fill(0.05),
  };
}

async function parametersOf(engine: Engine, session: Session): Promise<Map<string, ArrayLike<number>>> {
  const values = new Map<string, ArrayLike<number>>();
  for (const { name, kind } of session.slots) if (kind === 'parameter' || kind === 'ring') values.set(name, await engine.read(name));
  return values;
}

describe('the compiled engine', () => {
  it('says what it is', () => {
    // Every Node from 24 on has it; a wrong probe would go unnoticed and cost half the speed.
    expect(hasRelaxedSimd()).toBe(true);
    expect(createWasmEngine().info).toEqual({ kind: 'wasm', label: 'wasm, 1 thread', numerics: 'wasm/relaxed/2', threads: 1 });
    expect(createWasmEngine({ relaxed: false, threads: 2, spawn: testHelpers }).info).toMatchObject({
      numerics: 'wasm/simd/2',
      threads: 2,
    });
  });

  it('trains as the reference does', async () => {
    const session = mlp([64, 48, 10]);
    const engines = [createReferenceEngine(), createWasmEngine()];
    const losses = [];
    for (const engine of engines) {
      await open(engine, session);
      await engine.run('train', request(40));
      losses.push(await engine.read('losses', 0, 40));
      await engine.dispose();
    }
    expectClose(losses[1]!, losses[0]!, { relative: 2e-5, absolute: 0 }, { what: 'losses' });
    expect(losses[1]![39]).toBeLessThan(losses[1]![0]!);
  });

  it('gives the same bits on 1, 2 and 4 threads', async () => {
    const session = mlp([784, 256, 128, 10], 96);
    const results: Map<string, ArrayLike<number>>[] = [];
    for (const threads of [1, 2, 4]) {
      const engine = createWasmEngine({ threads, spawn: testHelpers });
      await open(engine, session);
      await engine.run('train', request(7, 0, 96));
      await engine.run('train', request(5, 7, 96));
      results.push(await parametersOf(engine, session));
      await engine.dispose();
    }
    for (const result of results.slice(1)) {
      for (const [name, values] of results[0]!) expectClose(result.get(name)!, values, exact, { what: name });
    }
  });

  it.each([1, 2])('collects no garbage inside run, on %i threads', async (threads) => {
    const session = mlp([32, 16, 10]);
    const engine = createWasmEngine({ threads, spawn: testHelpers });
    await open(engine, session);
    const long = request(10_000);
    await engine.run('train', long);
    const profiler = new GCProfiler();
    profiler.start();
    await engine.run('train', long);
    expect(profiler.stop()!.statistics).toEqual([]);
    await engine.dispose();
  });

  it('goes on after a wrong row', async () => {
    const session = mlp([784, 256, 10]);
    const engine = createWasmEngine({ threads: 2, spawn: testHelpers });
    await open(engine, session);
    const wrong = request(3);
    wrong.rows[40] = -1;
    await expect(engine.run('train', wrong)).rejects.toThrow('gather: row -1 is outside slot "image", which has rows 0..99');
    await engine.run('train', request(3));
    expect(await engine.read('losses', 2, 1)).not.toEqual(Float32Array.of(0));
    await engine.dispose();
  });

  it('loads session after session', async () => {
    const engine = createWasmEngine({ threads: 2, spawn: testHelpers });
    for (const units of [
      [784, 256, 10],
      [20, 10],
      [784, 300, 10],
    ]) {
      await open(engine, mlp(units));
      await engine.run('train', request(2));
      expect((await engine.read('losses', 1, 1))[0]).toBeGreaterThan(0);
    }
    await engine.dispose();
  });
});
