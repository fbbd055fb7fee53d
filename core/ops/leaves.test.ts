/** The ops without inputs: rows, scalar, constant, iota, random. Slots are tested with the engine. */
import { describe, expect, it } from 'vitest';
import { philox4x32, uniformOf } from '../random/philox.ts';
import { createReferenceEngine } from '../engines/reference/referenceEngine.ts';
import { runLeaves } from '../testing/checkOp.ts';

describe('leaves', () => {
  it('rows and scalars are those of the step', async () => {
    const request = { steps: 2, rows: Int32Array.of(1, 2, 3, 7, 8, 9), scalars: Float32Array.of(0.5, 0.25, 4, 8) };
    const results = await runLeaves((b) => [b.rows(), b.scalar('rate'), b.scalar('decay')], { batchSize: 3, request });
    expect(results).toEqual([Int32Array.of(7, 8, 9), Float32Array.of(4), Float32Array.of(8)]);
  });

  it('constants fill, iota counts along its axis', async () => {
    const results = await runLeaves((b) => [
      b.constant(2.5, [2, 2]),
      b.constant(7, [2], 'u8'),
      b.iota([2, 3], 1),
      b.iota([2, 3], 0),
      b.constant(-1),
    ]);
    expect(results).toEqual([
      Float32Array.of(2.5, 2.5, 2.5, 2.5),
      Uint8Array.of(7, 7),
      Int32Array.of(0, 1, 2, 0, 1, 2),
      Int32Array.of(0, 0, 0, 1, 1, 1),
      Float32Array.of(-1),
    ]);
    await expect(runLeaves((b) => [b.constant(0.5, [], 'i32')])).rejects.toThrow('constant: 0.5 is no i32');
    await expect(runLeaves((b) => [b.iota([2], 1)])).rejects.toThrow('iota: axis 1 is outside 0..0');
  });

  it('random numbers are Philox of (block, stream, step) under the seed', async () => {
    const firstStep = 2 ** 32 + 5;
    const seed = 2 ** 40 + 3;
    const [, second] = await runLeaves((b) => [b.random('uniform', [2]), b.random('uniform', [2, 3])], { seed, request: { firstStep } });
    const words = new Uint32Array(4);
    const expected: number[] = [];
    for (const block of [0, 1]) {
      philox4x32(Uint32Array.of(block, 1, 5, 1), Uint32Array.of(3, 2 ** 8), words);
      expected.push(...[...words].map(uniformOf));
    }
    expect([...second!]).toEqual(expected.slice(0, 6));
  });

  it('random numbers depend on seed, step and stream, not on how steps are grouped', async () => {
    const draw = async (seed: number, firstStep: number, steps: number, streams = 1) => [
      ...(
        await runLeaves((b) => Array.from({ length: streams }, () => b.random('normal', [7])), { seed, request: { firstStep, steps } })
      ).at(-1)!,
    ];
    const once = await draw(1, 4, 1);
    expect(await draw(1, 0, 5)).toEqual(once);
    expect(await draw(2, 4, 1)).not.toEqual(once);
    expect(await draw(1, 3, 1)).not.toEqual(once);
    expect(await draw(1, 4, 1, 2)).not.toEqual(once);
  });

  it.each(['f32', 'f64'] as const)('random numbers have the right distribution in %s', async (precision) => {
    const engine = createReferenceEngine({ precision });
    const [uniform, normal] = await runLeaves((b) => [b.random('uniform', [20_001]), b.random('normal', [20_001])], { engine });
    const mean = (x: ArrayLike<number>, f = (v: number) => v) => Array.from(x, f).reduce((sum, v) => sum + v, 0) / x.length;
    expect(Math.min(...uniform!)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...uniform!)).toBeLessThan(1);
    expect(mean(uniform!)).toBeCloseTo(0.5, 2);
    expect(mean(uniform!, (v) => v * v)).toBeCloseTo(1 / 3, 2);
    expect(Math.abs(mean(normal!))).toBeLessThan(0.03);
    expect(Math.abs(mean(normal!, (v) => v * v) - 1)).toBeLessThan(0.05);
    expect(Math.abs(mean(normal!, (v) => v ** 4) - 3)).toBeLessThan(0.3);
  });
});
