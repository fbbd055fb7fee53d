/**
 * Every function over the whole range of f32 against double precision: all exponents and signs, the special values, and
 * dense where functions change. Errors are counted in units in the last place of the f32 result.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { assemble } from '../../../testing/kernelHarness.ts';
import { unaryLoops } from '../../../ops/unaryLoops.ts';
import type { UnaryFn } from '../../../program/program.ts';
import { emitUnary } from './expressions.ts';
import { kernelHelpers } from './helpers.ts';
import { createWriter } from './writer.ts';

type Approximated = 'exp' | 'log' | 'log1p' | 'tanh' | 'sigmoid' | 'erf' | 'sin' | 'cos';

/** Largest error in ulp as stated in approximations.ts; sin and cos are bounded absolutely. */
const bounds: { readonly [F in Approximated]: { readonly ulp?: number; readonly absolute?: number; readonly limit?: number } } = {
  exp: { ulp: 2 },
  log: { ulp: 2 },
  log1p: { ulp: 3 },
  tanh: { ulp: 3 },
  sigmoid: { ulp: 4 },
  erf: { ulp: 3 },
  sin: { absolute: 1e-7, limit: 2 ** 30 },
  cos: { absolute: 1e-7, limit: 2 ** 30 },
};

const names = Object.keys(bounds) as Approximated[];
const memory = new WebAssembly.Memory({ initial: 64 });
const engines: Record<string, Record<string, (count: number) => void>> = {};

/** One function per name: elements at 0 to the same places 1 MiB further. */
async function build(relaxed: boolean): Promise<Record<string, (count: number) => void>> {
  const functions = names.map((name) => {
    const w = createWriter(relaxed);
    const i = w.local('i32');
    w.line(`(local.set ${i} (i32.const 0)) (loop $next`);
    const x = w.keep('v128', `(v128.load (local.get ${i}))`);
    w.line(`(v128.store offset=1048576 (local.get ${i}) ${w.keep('v128', emitUnary(w, name, x))})`);
    w.line(`(local.set ${i} (i32.add (local.get ${i}) (i32.const 16)))`);
    w.line(`(br_if $next (i32.lt_u (local.get ${i}) (i32.mul (local.get $count) (i32.const 4)))))`);
    return w.finish(`$${name} (export "${name}") (param $count i32)`);
  });
  const module = await assemble(`(module (import "m" "memory" (memory 1)) ${kernelHelpers} ${functions.join('\n')})`);
  return new WebAssembly.Instance(module, { m: { memory } }).exports as Record<string, (count: number) => void>;
}

beforeAll(async () => {
  engines.plain = await build(false);
  engines.relaxed = await build(true);
});

/** Numbers of every exponent and both signs, the specials, and a fine grid around 0. */
function samples(): Float32Array {
  const bits = new Uint32Array(240_000);
  for (let i = 0; i < 200_000; i++) bits[i] = Math.floor((i * 2 ** 32) / 200_000) + ((i * 2_654_435_761) % 20_000);
  const values = new Float32Array(bits.buffer);
  for (let i = 0; i < 39_000; i++) values[200_000 + i] = (i - 19_500) / 1500 + 1e-5 * (i % 7);
  const special = [
    0,
    -0,
    1,
    -1,
    Infinity,
    -Infinity,
    NaN,
    2 ** -149,
    -(2 ** -149),
    2 ** -126,
    88.72283,
    88.72284,
    -87.33655,
    -103.97,
    0.625,
    4,
  ];
  values.set([...special, 1 - 2 ** -24, 1 + 2 ** -23, -1 + 2 ** -24, 8192, 8193, -8200, 1e6, 2 ** 30], 239_000);
  return values;
}

function ulp(value: number): number {
  return Math.max(2 ** -149, 2 ** (Math.floor(Math.log2(Math.abs(value))) - 23));
}

describe.each(['plain', 'relaxed'])('%s', (kind) => {
  it.each(names)('%s is as close as stated', (name) => {
    const x = samples();
    new Float32Array(memory.buffer, 0, x.length).set(x);
    engines[kind]![name]!(x.length);
    const got = new Float32Array(memory.buffer, 1_048_576, x.length);
    const expected = new Float64Array(x.length);
    unaryLoops[name as UnaryFn](Float64Array.from(x), expected);
    const { ulp: most, absolute, limit = Infinity } = bounds[name];
    let worst = 0;
    let where = NaN;
    for (let i = 0; i < x.length; i++) {
      if (Math.abs(x[i]!) > limit && Number.isFinite(x[i])) {
        if (!(Math.abs(got[i]!) <= 1.0001)) throw new Error(`${name}(${x[i]}) = ${got[i]} is no sine`);
        continue;
      }
      const wanted = Math.fround(expected[i]!);
      if (Object.is(wanted, got[i]) || (Number.isNaN(wanted) && Number.isNaN(got[i]))) continue;
      // Overflow may begin within the error of the largest number.
      const reference = Number.isFinite(wanted) ? expected[i]! : Math.sign(wanted) * 2 ** 128;
      const value = Number.isFinite(got[i]) ? got[i]! : Math.sign(got[i]!) * 2 ** 128;
      const error = Math.abs(value - reference) / (absolute === undefined ? ulp(expected[i]!) : absolute);
      if (!(error <= worst)) {
        worst = error;
        where = i;
      }
    }
    const what = `${name}(${x[where]}) = ${got[where]}, expected ${expected[where]}, ${worst.toPrecision(3)} of 1 allowed unit`;
    expect(worst, what).toBeLessThanOrEqual(most ?? 1);
  });
});

it('keeps signs of zero and NaN', () => {
  const x = Float32Array.of(-0, 0, NaN, -0);
  for (const [name, atMinusZero] of [
    ['sin', -0],
    ['tanh', -0],
    ['erf', -0],
    ['log1p', -0],
    ['exp', 1],
    ['log', -Infinity],
  ] as const) {
    new Float32Array(memory.buffer, 0, 4).set(x);
    engines.plain![name]!(4);
    const got = new Float32Array(memory.buffer, 1_048_576, 4);
    expect(got[0]).toBe(atMinusZero);
    expect(got[2]).toBeNaN();
  }
});
