/**
 * Functions of four numbers at once, by range reduction and polynomials, to the error bounds given here;
 * approximations.test.ts measures them against double precision over the whole range of f32. NaN stays NaN everywhere.
 * Arguments are texts of pure expressions.
 */
import { cosTail, erfFar, erfNear, expTail, halfPi, log2High, log2Low, logTail, sinTail, tanhTail } from '../../polynomials.ts';
import type { Writer } from './writer.ts';

type F = (w: Writer, x: string) => string;

const signBit = 0x80000000;

function madd(w: Writer, a: string, b: string, c: string): string {
  return w.relaxed ? `(f32x4.relaxed_madd ${a} ${b} ${c})` : `(f32x4.add (f32x4.mul ${a} ${b}) ${c})`;
}

/** c0 + c1 x + c2 x² + ... */
function polynomial(w: Writer, x: string, coefficients: readonly number[]): string {
  let sum = w.f32(coefficients.at(-1)!);
  for (const coefficient of coefficients.slice(0, -1).toReversed()) sum = madd(w, sum, x, w.f32(coefficient));
  return sum;
}

function absolute(x: string): string {
  return `(f32x4.abs ${x})`;
}

function choose(mask: string, whenTrue: string, whenFalse: string): string {
  return `(v128.bitselect ${whenTrue} ${whenFalse} ${mask})`;
}

/** x with the sign of `of`. */
function withSign(w: Writer, x: string, of: string): string {
  return choose(w.bits(signBit), of, x);
}

/** 2ⁿ as f32, n an i32 in −126..127. */
function power2(w: Writer, n: string): string {
  return `(i32x4.shl (i32x4.add ${n} ${w.i32(127)}) (i32.const 23))`;
}

/** At most 2 ulp, 1 in the smallest denormals; overflows to ∞ and underflows to 0 where eˣ does. */
export const exp: F = (w, x) => {
  const bounded = w.keep('v128', `(f32x4.max (f32x4.min ${x} ${w.f32(89)}) ${w.f32(-104)})`);
  const n = w.keep('v128', `(f32x4.nearest (f32x4.mul ${bounded} ${w.f32(Math.LOG2E)}))`);
  const high = w.keep('v128', madd(w, n, w.f32(-log2High), bounded));
  const r = w.keep('v128', madd(w, n, w.f32(-log2Low), high));
  const tail = polynomial(w, r, expTail);
  const square = w.keep('v128', `(f32x4.mul ${r} ${r})`);
  const value = w.keep('v128', `(f32x4.add ${w.f32(1)} ${madd(w, tail, square, r)})`);
  // 2ⁿ as two factors, which reach beyond both ends of the exponent.
  const whole = w.keep('v128', `(i32x4.trunc_sat_f32x4_s ${n})`);
  const half = w.keep('v128', `(i32x4.shr_s ${whole} (i32.const 1))`);
  return w.keep('v128', `(f32x4.mul (f32x4.mul ${value} ${power2(w, half)}) ${power2(w, `(i32x4.sub ${whole} ${half})`)})`);
};

/** At most 2 ulp. log(±0) = −∞, of negative numbers NaN. */
export const log: F = (w, x) => {
  // Denormals are scaled up by 2²³ first.
  const tiny = w.keep('v128', `(f32x4.lt ${x} ${w.f32(2 ** -126)})`);
  const scaled = w.keep('v128', choose(tiny, `(f32x4.mul ${x} ${w.f32(2 ** 23)})`, x));
  const shift = `(v128.and ${tiny} ${w.i32(23)})`;
  // Exponent so that the mantissa lies in [√½, √2).
  const offset = w.keep('v128', `(i32x4.sub ${scaled} ${w.bits(0x3f3504f3)})`);
  const exponent = w.keep('v128', `(f32x4.convert_i32x4_s (i32x4.sub (i32x4.shr_s ${offset} (i32.const 23)) ${shift}))`);
  const mantissa = `(i32x4.add (v128.and ${offset} ${w.bits(0x007fffff)}) ${w.bits(0x3f3504f3)})`;
  const f = w.keep('v128', `(f32x4.sub ${mantissa} ${w.f32(1)})`);
  const square = w.keep('v128', `(f32x4.mul ${f} ${f})`);
  const p = polynomial(w, f, logTail);
  const cubic = w.keep('v128', `(f32x4.mul (f32x4.mul ${p} ${square}) ${f})`);
  const low = w.keep('v128', madd(w, exponent, w.f32(log2Low), cubic));
  const sum = w.keep('v128', `(f32x4.add ${madd(w, square, w.f32(-0.5), low)} ${f})`);
  const value = w.keep('v128', madd(w, exponent, w.f32(log2High), sum));
  const finite = w.keep('v128', choose(`(f32x4.eq ${x} ${w.f32(Infinity)})`, x, value));
  const atZero = w.keep('v128', choose(`(f32x4.eq ${x} ${w.f32(0)})`, w.f32(-Infinity), finite));
  return w.keep('v128', choose(`(f32x4.ge ${x} ${w.f32(0)})`, atZero, w.f32(NaN)));
};

/** At most 3 ulp: log(1 + x), corrected by what rounding 1 + x lost. */
export const log1p: F = (w, x) => {
  const u = w.keep('v128', `(f32x4.add ${w.f32(1)} ${x})`);
  const value = log(w, u);
  const lost = w.keep('v128', `(f32x4.div (f32x4.sub ${x} (f32x4.sub ${u} ${w.f32(1)})) ${u})`);
  const isFinite = `(f32x4.lt ${absolute(lost)} ${w.f32(Infinity)})`;
  const sum = w.keep('v128', `(f32x4.add ${value} (v128.and ${lost} ${isFinite}))`);
  return w.keep('v128', choose(`(f32x4.eq ${u} ${w.f32(1)})`, x, sum));
};

/** At most 3 ulp: odd polynomial below 0.625, beyond it 1 − 2 / (e²ˣ + 1). */
export const tanh: F = (w, x) => {
  const a = w.keep('v128', absolute(x));
  const z = w.keep('v128', `(f32x4.mul ${x} ${x})`);
  const p = polynomial(w, z, tanhTail);
  const near = w.keep('v128', madd(w, `(f32x4.mul ${p} ${z})`, x, x));
  const e = exp(w, w.keep('v128', `(f32x4.add ${a} ${a})`));
  const far = w.keep('v128', `(f32x4.sub ${w.f32(1)} (f32x4.div ${w.f32(2)} (f32x4.add ${e} ${w.f32(1)})))`);
  return w.keep('v128', withSign(w, w.keep('v128', choose(`(f32x4.lt ${a} ${w.f32(0.625)})`, near, far)), x));
};

/** At most 4 ulp; the exponential never overflows, its argument is −|x|. */
export const sigmoid: F = (w, x) => {
  const e = exp(w, w.keep('v128', `(f32x4.neg ${absolute(x)})`));
  const top = choose(`(f32x4.ge ${x} ${w.f32(0)})`, w.f32(1), e);
  return w.keep('v128', `(f32x4.div ${top} (f32x4.add ${w.f32(1)} ${e}))`);
};

/** At most 3 ulp: x · polynomial of x² below 1, beyond it 1 − e^polynomial. */
export const erf: F = (w, x) => {
  const a = w.keep('v128', absolute(x));
  const z = w.keep('v128', `(f32x4.mul ${x} ${x})`);
  const p = polynomial(w, z, erfNear);
  const near = w.keep('v128', madd(w, p, x, x));
  const t = w.keep('v128', `(f32x4.min ${a} ${w.f32(4)})`);
  const q = polynomial(w, t, erfFar);
  const e = exp(w, w.keep('v128', `(f32x4.neg ${q})`));
  const far = `(f32x4.sub ${w.f32(1)} ${e})`;
  return w.keep('v128', withSign(w, w.keep('v128', choose(`(f32x4.lt ${a} ${w.f32(1)})`, near, far)), x));
};

/**
 * sin(x + quarter · π/2). Up to |x| = 8192 the absolute error is at most 1e-7, and the relative error near zeros of the
 * same size as that of rounding π; further out x is reduced in double precision ($lb_reduce), absolute error 1e-7 up to
 * |x| = 2³⁰ and about |x| · 1e-17 beyond.
 */
function sine(w: Writer, x: string, quarter: string): string {
  const n = w.local('v128');
  const r = w.local('v128');
  w.line(`(local.set ${n} (f32x4.nearest (f32x4.mul ${x} ${w.f32(2 / Math.PI)})))`);
  // π/2 in three parts; the products of the first two with n are exact.
  const first = `(f32x4.sub ${x} (f32x4.mul (local.get ${n}) ${w.f32(halfPi[0])}))`;
  const second = `(f32x4.sub ${first} (f32x4.mul (local.get ${n}) ${w.f32(halfPi[1])}))`;
  w.line(`(local.set ${r} (f32x4.sub ${second} (f32x4.mul (local.get ${n}) ${w.f32(halfPi[2])})))`);
  w.line(`(local.set ${n} (i32x4.trunc_sat_f32x4_s (local.get ${n})))`);
  w.line(`(if (v128.any_true (f32x4.gt ${absolute(x)} ${w.f32(8192)})) (then`);
  for (let lane = 0; lane < 4; lane++) {
    const value = `(f32x4.extract_lane ${lane} ${x})`;
    w.line(`(local.set ${r} (f32x4.replace_lane ${lane} (local.get ${r}) (call $lb_reduce ${value})))`);
    w.line(`(local.set ${n} (i32x4.replace_lane ${lane} (local.get ${n}) (call $lb_quadrant ${value})))`);
  }
  w.line('))');
  const q = w.keep('v128', `(i32x4.add (local.get ${n}) ${quarter})`);
  const y = `(local.get ${r})`;
  const z = w.keep('v128', `(f32x4.mul ${y} ${y})`);
  const s = polynomial(w, z, sinTail);
  const sin = w.keep('v128', madd(w, `(f32x4.mul ${s} ${z})`, y, y));
  const c = polynomial(w, z, cosTail);
  const cos = w.keep('v128', madd(w, c, z, w.f32(1)));
  const isOdd = `(i32x4.ne (v128.and ${q} ${w.i32(1)}) ${w.i32(0)})`;
  const flip = `(i32x4.shl (v128.and ${q} ${w.i32(2)}) (i32.const 30))`;
  return w.keep('v128', `(v128.xor ${choose(isOdd, cos, sin)} ${flip})`);
}

export const sin: F = (w, x) => w.keep('v128', choose(`(f32x4.eq ${x} ${w.f32(0)})`, x, sine(w, x, w.i32(0))));
export const cos: F = (w, x) => sine(w, x, w.i32(1));

/** sin in even lanes where `quarters` is 0, cos where it is 1. */
export const sineByQuarter = sine;
