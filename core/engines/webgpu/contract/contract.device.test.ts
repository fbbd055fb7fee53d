/**
 * Contractions of every shape a shader is cut by, against the reference in double precision: as the adapter at hand gets
 * them and as graphics cards do. All are results of one program, so that their shaders are compiled side by side.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBuilder, type Builder, type Value } from '../../../program/builder.ts';
import type { SlotSpec } from '../../../program/program.ts';
import { elementCount } from '../../../ops/shapes.ts';
import { fuseProgram } from '../../../plan/fuse.ts';
import { layoutSlots } from '../../../plan/plan.ts';
import { createRandom } from '../../../random/philox.ts';
import { createDeviceEngine, runProgram } from '../../../testing/checkOp.ts';
import { expectClose } from '../../../testing/compare.ts';
import { engineTolerances } from '../../../testing/tolerances.ts';
import { createReferenceEngine } from '../../reference/referenceEngine.ts';
import type { Engine, SlotData } from '../../engine.ts';
import type { GpuLimits } from '../shader.ts';
import { contractShaders } from './contractShaders.ts';

type Input = (...shape: number[]) => Value;
/** Values from inputs that are made on the way. */
type Case = (b: Builder, input: Input) => Value;

const einsum =
  (equation: string, sizes: Readonly<Record<string, number>>): Case =>
  (b, input) => {
    const [left, right] = equation.split('->')[0]!.split(',');
    const shape = (letters: string) => [...letters].map((letter) => sizes[letter]!);
    return b.contract(equation, input(...shape(left!)), input(...shape(right!)));
  };

/** Windows over both axes of (B, C, H, W). */
const windows = (b: Builder, x: Value, size: number, stride = 1) => b.window(b.window(x, 3, size, { stride }), 2, size, { stride });

const convolution =
  (height: number, width: number, size: number, stride = 1): Case =>
  (b, input) =>
    b.contract('bchywx,ocyx->bohw', windows(b, input(2, 3, height, width), size, stride), input(10, 3, size, size));

const weightGradient =
  (height: number, width: number, size: number): Case =>
  (b, input) => {
    const x = windows(b, input(3, 4, height, width), size);
    return b.contract('bchywx,bohw->ocyx', x, input(3, 10, height - size + 1, width - size + 1));
  };

const cases: readonly Case[] = [
  einsum('mk,nk->mn', { m: 70, n: 90, k: 65 }),
  einsum('mk,kn->mn', { m: 64, n: 64, k: 64 }),
  einsum('km,kn->mn', { m: 33, n: 12, k: 40 }),
  einsum('km,kn->nm', { m: 33, n: 37, k: 9 }),
  einsum('mk,nk->mn', { m: 1, n: 100, k: 130 }),
  einsum('mk,kn->mn', { m: 3, n: 50, k: 300 }),
  einsum('mk,nk->mn', { m: 200, n: 1, k: 20 }),
  einsum('mk,nk->mn', { m: 30, n: 5, k: 1000 }),
  einsum('km,kn->mn', { m: 20, n: 24, k: 2050 }),
  einsum('bqhd,bkhd->bhqk', { b: 2, h: 3, q: 17, k: 17, d: 8 }),
  einsum('bhqk,bkhd->bqhd', { b: 2, h: 3, q: 16, k: 16, d: 8 }),
  einsum('i,j->ij', { i: 5, j: 70 }),
  einsum('ik,k->i', { i: 37, k: 41 }),
  einsum('i,i->', { i: 500 }),
  einsum('i,i->i', { i: 50 }),
  convolution(9, 11, 3),
  convolution(8, 8, 5),
  convolution(12, 13, 3, 2),
  weightGradient(10, 10, 3),
  weightGradient(9, 16, 3),
  // With work on the finished sums, also where they are added from parts.
  (b, input) => b.add(b.contract('bi,oi->bo', input(20, 30), input(40, 30)), input(40)),
  (b, input) => b.unary('exp', b.contract('bo,bi->oi', input(1500, 12), input(1500, 20))),
];

const oracle = createReferenceEngine({ precision: 'f64' });

async function compare(engine: Engine, builds: readonly Case[]): Promise<void> {
  const b = createBuilder({ name: 'contractions', batchSize: 0 });
  const slots: SlotSpec[] = [];
  const data = new Map<string, SlotData>();
  const input: Input = (...shape) => {
    const type = { shape, dtype: 'f32' } as const;
    const name = `input ${slots.length}`;
    const random = createRandom(3, slots.length);
    slots.push({ name, kind: 'carry', type });
    data.set(
      name,
      Float32Array.from({ length: elementCount(shape) }, () => 0.5 * random.uniform() - 0.25),
    );
    return b.slot(name, type);
  };
  builds.forEach((build, i) => {
    const value = build(b, input);
    slots.push({ name: `result ${i}`, kind: 'carry', type: { shape: value.shape, dtype: 'f32' } });
    b.assign(`result ${i}`, value);
  });
  const program = b.build();
  const expected = await runProgram({ engine: oracle, program, slots, data });
  const got = await runProgram({ engine, program, slots, data });
  await engine.dispose();
  for (const [name, values] of got) expectClose(values, expected.get(name)!, engineTolerances.webgpu, { what: name });
}

const isFull = process.env.LAYERBENCH_BATTERY === 'full';
/** One page as large as a card's. */
const asCards = { pageBytes: 2 ** 28 };

describe('contractions on the graphics adapter', () => {
  it('of every cut', () => compare(createDeviceEngine(), cases));
  // Shaders with barriers take a software adapter long to compile: the fast battery has some.
  it('of every cut, as graphics cards compute them', () =>
    compare(
      createDeviceEngine(asCards),
      cases.filter((_, i) => isFull || i % 4 === 0),
    ));

  it('of any letters, order and sizes', async () => {
    const size = fc.constantFrom<number>(1, 2, 3, 4, 5, 7, 8, 9, 12, 13, 16, 17, 29);
    const letters = (text: string) => fc.shuffledSubarray([...text], { minLength: text.length }).map((order) => order.join(''));
    const contraction = fc
      .tuple(fc.subarray([...'xy']), fc.subarray([...'mn']), fc.subarray([...'pq']), fc.subarray([...'kl']))
      .map((groups) => groups.map((group) => group.join('')) as [string, string, string, string])
      .chain(([batch, m, n, k]) => fc.tuple(letters(batch + m + k), letters(batch + n + k), letters(batch + m + n)))
      .chain(([left, right, out]) =>
        fc
          .record(Object.fromEntries([...new Set(left + right)].map((letter) => [letter, size])))
          .filter((sizes) => Object.values(sizes).reduce((product, n) => product * n, 1) < 50_000)
          .map((sizes) => einsum(`${left},${right}->${out}`, sizes)),
      );
    await fc.assert(
      fc.asyncProperty(fc.array(contraction, { minLength: 8, maxLength: 8 }), async (builds) => {
        await compare(createDeviceEngine(), builds);
        await compare(createDeviceEngine(asCards), builds);
      }),
      { numRuns: isFull ? 20 : 1, endOnFailure: true },
    );
  });
});

describe('the text of a contraction', () => {
  const limits: GpuLimits = {
    maxPageBytes: 2 ** 28,
    maxStorageBuffers: 8,
    maxWorkgroupStorageBytes: 16_384,
    maxWorkgroupThreads: 256,
    maxWorkgroups: 65_535,
    subgroups: false,
    subgroupSize: 0,
    isSoftware: false,
  };

  it.each([true, false])('is the same wherever the buffers lie (software: %s)', (isSoftware) => {
    const b = createBuilder({ name: 'twice', batchSize: 0 });
    const type = { shape: [24, 24], dtype: 'f32' } as const;
    const slots = ['a', 'b', 'c', 'd'].map((name): SlotSpec => ({ name, kind: 'carry', type }));
    const [x, y] = [b.slot('a', type), b.slot('b', type)];
    b.assign('c', b.contract('ij,jk->ik', x, y));
    b.assign('d', b.contract('ij,jk->ik', y, x));
    const kernels = fuseProgram(b.build(), layoutSlots(slots)).kernels.filter((kernel) => kernel.kind === 'contract');
    const texts = kernels.map((kernel) => {
      const page = { kind: 'slot', index: 0 } as const;
      const { shaders } = contractShaders(kernel, ({ byteOffset }) => ({ page, byteOffset }), { ...limits, isSoftware });
      return shaders.map(({ code }) => code).join();
    });
    expect(texts).toHaveLength(2);
    expect(texts[0]).toBe(texts[1]);
  });
});
