import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../engine.ts';
import { createReferenceEngine } from '../../reference/referenceEngine.ts';
import { expectClose } from '../../../testing/compare.ts';
import { testHelpers } from '../../../testing/helperThreads.ts';
import { engineTolerances, exact } from '../../../testing/tolerances.ts';
import { createWasmEngine } from '../wasmEngine.ts';
import { elementCount } from '../../../ops/shapes.ts';
import { chooseMethod, readContraction } from './contractCall.ts';
import { contractionProgram, planContraction } from './testContraction.ts';
import { layoutSlots } from '../../../plan/plan.ts';

type Sizes = Readonly<Record<string, number>>;

const plan = planContraction;
const engines: Engine[] = [createWasmEngine({ plan }), createWasmEngine({ plan, relaxed: false })];
const oracle = createReferenceEngine({ precision: 'f64' });

afterAll(async () => {
  for (const engine of [...engines, oracle]) await engine.dispose();
});

async function compute(engine: Engine, equation: string, sizes: Sizes): Promise<ArrayLike<number>> {
  const { program, slots } = contractionProgram(equation, sizes);
  await engine.load({ programs: { main: program }, slots, seed: 1 });
  for (const { name, type } of slots) {
    // What lies in the result beforehand must not matter.
    const value = (i: number) => (name === 'c' ? NaN : Math.sin(1.7 * i + name.charCodeAt(0)));
    await engine.write(
      name,
      Float32Array.from({ length: elementCount(type.shape) }, (_, i) => value(i)),
    );
  }
  await engine.run('main', { steps: 1, firstStep: 0 });
  return engine.read('c');
}

/** Rounding grows with the number of terms of a sum. */
function tolerance(equation: string, sizes: Sizes) {
  const out = equation.split('->')[1]!;
  const terms = Object.entries(sizes).reduce((product, [letter, size]) => (out.includes(letter) ? product : product * size), 1);
  const scale = Math.max(1, terms / 64);
  return { relative: engineTolerances.wasm.relative * scale, absolute: engineTolerances.wasm.absolute * scale };
}

async function check(equation: string, sizes: Sizes): Promise<void> {
  const expected = await compute(oracle, equation, sizes);
  for (const engine of engines) {
    expectClose(await compute(engine, equation, sizes), expected, tolerance(equation, sizes), {
      what: `${engine.info.numerics} ${equation} ${JSON.stringify(sizes)}`,
    });
  }
}

const sizesOfTraining: readonly (readonly [string, Sizes])[] = [
  ['bi,oi->bo', { b: 1, i: 784, o: 128 }],
  ['bo,oi->bi', { b: 1, i: 784, o: 128 }],
  ['bi,oi->bo', { b: 32, i: 64, o: 10 }],
  ['bo,oi->bi', { b: 32, i: 64, o: 10 }],
  ['bo,bi->oi', { b: 32, i: 64, o: 10 }],
  ['bo,bi->oi', { b: 1000, i: 33, o: 10 }],
  ['bqhd,bkhd->bhqk', { b: 2, h: 3, q: 17, k: 17, d: 8 }],
  ['bhqk,bkhd->bqhd', { b: 2, h: 3, q: 17, k: 17, d: 8 }],
  ['mk,kn->mn', { m: 200, k: 300, n: 70 }],
  ['mk,nk->mn', { m: 193, k: 512, n: 259 }],
  ['km,kn->nm', { m: 193, k: 259, n: 97 }],
  ['i,j->ij', { i: 5, j: 7 }],
  ['i,i->', { i: 50 }],
  ['i,i->i', { i: 50 }],
  ['ik,k->i', { i: 37, k: 41 }],
];

describe('contractions', () => {
  it.each(sizesOfTraining)('%s of %o', check);

  it('agree with the reference in any shape and order of axes', async () => {
    const size = fc.oneof(fc.constantFrom(1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 16, 17, 29), fc.integer({ min: 1, max: 40 }));
    const letters = (text: string) => fc.shuffledSubarray([...text], { minLength: text.length }).map((order) => order.join(''));
    const contraction = fc
      .tuple(fc.subarray([...'xy']), fc.subarray([...'mn']), fc.subarray([...'pq']), fc.subarray([...'kl']))
      .map((groups) => groups.map((group) => group.join('')) as [string, string, string, string])
      .chain(([batch, m, n, k]) => fc.tuple(letters(batch + m + k), letters(batch + n + k), letters(batch + m + n)))
      .chain(([left, right, out]) => {
        const all = [...new Set(left + right)];
        return fc.tuple(
          fc.constant(`${left},${right}->${out}`),
          fc
            .array(size, { minLength: all.length, maxLength: all.length })
            .map((sizes) => Object.fromEntries(all.map((letter, i) => [letter, sizes[i]!]))),
        );
      })
      .filter(([, sizes]) => Object.values(sizes).reduce((product, n) => product * n, 1) < 200_000);
    await fc.assert(
      fc.asyncProperty(contraction, ([equation, sizes]) => check(equation, sizes)),
      { numRuns: 60 },
    );
  });

  it('give the same bits on 1, 2 and 3 threads', async () => {
    for (const [equation, sizes] of [
      ['mk,nk->mn', { m: 150, k: 300, n: 110 }],
      ['bi,oi->bo', { b: 3, i: 2000, o: 300 }],
      ['bqhd,bkhd->bhqk', { b: 4, h: 4, q: 33, k: 33, d: 16 }],
      ['mk,kn->nm', { m: 150, k: 300, n: 110 }],
    ] as const) {
      const expected = await compute(engines[0]!, equation, sizes);
      for (const threads of [2, 3]) {
        const engine = createWasmEngine({ plan, threads, spawn: testHelpers });
        expectClose(await compute(engine, equation, sizes), expected, exact, { what: `${equation}, ${threads} threads` });
        await engine.dispose();
      }
    }
  });

  it('read operands where they lie when that is faster', () => {
    const method = (equation: string, sizes: Sizes) => {
      const { program, slots } = contractionProgram(equation, sizes);
      const kernel = planContraction(program, layoutSlots(slots)).kernels[0]!;
      if (kernel.kind !== 'contract') throw new Error('no contraction');
      const { a, b } = chooseMethod(readContraction(kernel));
      return `${a} ${b}`;
    };
    expect(method('bi,oi->bo', { b: 1, i: 784, o: 128 })).toBe('row dot');
    expect(method('bi,oi->bo', { b: 32, i: 784, o: 128 })).toBe('row packDepth');
    expect(method('bo,oi->bi', { b: 32, i: 784, o: 128 })).toBe('row direct');
    expect(method('bo,bi->oi', { b: 32, i: 784, o: 128 })).toBe('column direct');
    expect(method('mk,kn->mn', { m: 512, k: 512, n: 512 })).toBe('packDepth packMajor');
  });
});
