/**
 * Every function over the whole range of f32 against double precision, errors in units in the last place of the f32
 * result. Devices may flush denormals to 0, so units are never smaller than those of the smallest normal number.
 */
import { describe, expect, it } from 'vitest';
import { binaryLoops } from '../../../ops/binaryLoops.ts';
import { unaryLoops } from '../../../ops/unaryLoops.ts';
import { createBuilder, type Builder, type Value } from '../../../program/builder.ts';
import type { SlotSpec, UnaryFn } from '../../../program/program.ts';
import { enginesUnderTest, runProgram } from '../../../testing/checkOp.ts';
import type { SlotData } from '../../engine.ts';

/** Largest errors: in ulp, or absolute. */
const bounds: { readonly [F in UnaryFn]?: { readonly ulp?: number; readonly absolute?: number } } = {
  exp: { ulp: 2 },
  log: { ulp: 2 },
  log1p: { ulp: 4 },
  tanh: { ulp: 4 },
  sigmoid: { ulp: 4 },
  erf: { ulp: 4 },
  sin: { absolute: 1.2e-7 },
  cos: { absolute: 1.2e-7 },
  sqrt: { ulp: 3 },
  rsqrt: { ulp: 3 },
  reciprocal: { ulp: 3 },
  floor: { ulp: 0 },
  sign: { ulp: 0 },
  isFinite: { ulp: 0 },
};
const names = Object.keys(bounds) as UnaryFn[];

/** Numbers of every exponent and both signs, the specials, and a fine grid around 0; none near denormals. */
function samples(): Float32Array {
  const bits = new Uint32Array(60_000);
  for (let i = 0; i < 40_000; i++) bits[i] = Math.floor((i * 2 ** 32) / 40_000) + ((i * 2_654_435_761) % 100_000);
  const values = new Float32Array(bits.buffer);
  for (let i = 0; i < 19_900; i++) values[40_000 + i] = (i - 9950) / 700 + 1e-5 * (i % 7);
  const special = [0, -0, 1, -1, Infinity, -Infinity, NaN, 2 ** -126, 88.72283, 88.72284, -87.33655, -103.97, 0.625, 4, 100, -100, 1000];
  values.set([...special, 1 - 2 ** -24, 1 + 2 ** -23, -1 + 2 ** -24, 8192, 8193, -8200, 1e6, -1e9, 2 ** 30, 3e38], 59_900);
  return values.map((x) => (Math.abs(x) < 2 ** -120 ? 0 : x));
}

async function evaluate(inputs: readonly Float32Array[], build: (b: Builder, values: readonly Value[]) => Value): Promise<SlotData> {
  const b = createBuilder({ name: 'functions', batchSize: 0 });
  const type = { shape: [inputs[0]!.length], dtype: 'f32' } as const;
  const slots = ['0', '1', 'result'].slice(2 - inputs.length).map((name): SlotSpec => ({ name, kind: 'carry', type }));
  const values = inputs.map((_, i) => b.slot(slots[i]!.name, type));
  b.assign('result', build(b, values));
  const engine = enginesUnderTest[0]!();
  const data = new Map<string, SlotData>(inputs.map((input, i) => [slots[i]!.name, input]));
  const result = await runProgram({ engine, program: b.build(), slots, data });
  await engine.dispose();
  return result.get('result')!;
}

function ulp(value: number): number {
  return Math.max(2 ** -149, 2 ** (Math.floor(Math.log2(Math.abs(value))) - 23));
}

/** In units of `absolute`, or of the last place; 0 where both are the same special value. */
function errorOf(got: number, expected: number, absolute?: number): number {
  const wanted = Math.fround(expected);
  if (Object.is(wanted, got) || (Number.isNaN(wanted) && Number.isNaN(got)) || wanted === got) return 0;
  if (Math.abs(wanted) < 2 ** -126 && Math.abs(got) <= 2 ** -126) return 0;
  // Overflow may begin within the error of the largest number.
  const bounded = (x: number) => (Math.abs(x) === Infinity ? Math.sign(x) * 2 ** 128 : x);
  return Math.abs(bounded(got) - (Number.isFinite(wanted) ? expected : bounded(wanted))) / (absolute ?? ulp(expected));
}

function expectClose(what: (i: number) => string, got: SlotData, expected: Float64Array, most: number, absolute?: number): void {
  let worst = 0;
  let where = 0;
  expected.forEach((value, i) => {
    const error = errorOf(got[i]!, value, absolute);
    if (!(error <= worst)) [worst, where] = [error, i];
  });
  expect(worst, `${what(where)} = ${got[where]}, expected ${expected[where]}, ${worst} units off`).toBeLessThanOrEqual(most);
}

describe('functions of one number', () => {
  const x = samples();
  it.each(names)('%s is as close as stated', async (name) => {
    const got = await evaluate([x], (b, [value]) => b.unary(name, value!));
    const expected = new Float64Array(x.length);
    unaryLoops[name](Float64Array.from(x), expected);
    const { ulp: most = 1, absolute } = bounds[name]!;
    expectClose((i) => `${name}(${x[i]})`, got, expected, most, absolute);
  });
});

it('powers are within 4 ulp, with all special cases', async () => {
  const bases: number[] = [];
  const exponents: number[] = [];
  const special = [0, -0, 1, -1, 2, -2, 0.5, 3, -3, 1.5, 1e-30, 1e30, Infinity, -Infinity, NaN];
  for (const x of special) for (const y of special) (bases.push(x), exponents.push(y));
  for (let i = 0; i < 20_000; i++) {
    bases.push(Math.fround(2 ** ((i % 201) / 10 - 10) * (1 + (i % 997) / 997)));
    exponents.push(Math.fround(((i * 7919) % 2000) / 100 - 10));
  }
  for (let t = 1; t <= 2000; t++) for (const beta of [0.9, 0.99, 0.999]) (bases.push(Math.fround(beta)), exponents.push(t));
  const [x, y] = [Float32Array.from(bases), Float32Array.from(exponents)];
  const got = await evaluate([x, y], (b, [base, exponent]) => b.binary('power', base!, exponent!));
  const expected = new Float64Array(x.length);
  binaryLoops.power(Float64Array.from(x), Float64Array.from(y), expected, 1, 1);
  expectClose((i) => `${x[i]} ** ${y[i]}`, got, expected, 4);
});

it('maxima and minima pass NaN on', async () => {
  const x = Float32Array.of(NaN, 1, NaN, 2, -Infinity, Infinity);
  const y = Float32Array.of(1, NaN, NaN, 3, NaN, -1);
  const max = await evaluate([x, y], (b, [p, q]) => b.binary('maximum', p!, q!));
  expect([...max]).toEqual([NaN, NaN, NaN, 3, NaN, Infinity]);
  const relu = await evaluate([x], (b, [p]) => b.maximum(p!, 0));
  expect([...relu]).toEqual([NaN, 1, NaN, 2, 0, Infinity]);
  const min = await evaluate([x, y], (b, [p, q]) => b.binary('minimum', p!, q!));
  expect([...min]).toEqual([NaN, NaN, NaN, 2, NaN, -1]);
});
