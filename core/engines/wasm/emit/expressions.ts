/**
 * One node of a loop body for four elements, as text. All values are v128: f32x4, or i32x4 for i32 and u8. A value that
 * is the same along the vector axis holds it in all lanes, and so does every value while single elements are done.
 */
import type { BinaryFn, DType, UnaryFn } from '../../../program/program.ts';
import * as approximations from './approximations.ts';
import type { Writer } from './writer.ts';

/** A function's texts for one or two operands, f32. */
const unary: { readonly [F in UnaryFn]: (w: Writer, x: string) => string } = {
  negate: (_w, x) => `(f32x4.neg ${x})`,
  abs: (_w, x) => `(f32x4.abs ${x})`,
  // ±0 and NaN are their own sign.
  sign: (w, x) =>
    `(v128.bitselect (v128.or (v128.and ${x} ${w.bits(0x80000000)}) ${w.f32(1)}) ${x} (f32x4.gt (f32x4.abs ${x}) ${w.f32(0)}))`,
  exp: approximations.exp,
  log: approximations.log,
  log1p: approximations.log1p,
  sqrt: (_w, x) => `(f32x4.sqrt ${x})`,
  rsqrt: (w, x) => `(f32x4.div ${w.f32(1)} (f32x4.sqrt ${x}))`,
  reciprocal: (w, x) => `(f32x4.div ${w.f32(1)} ${x})`,
  square: (_w, x) => `(f32x4.mul ${x} ${x})`,
  tanh: approximations.tanh,
  sigmoid: approximations.sigmoid,
  erf: approximations.erf,
  sin: approximations.sin,
  cos: approximations.cos,
  floor: (_w, x) => `(f32x4.floor ${x})`,
  isFinite: (w, x) => `(v128.and (f32x4.lt (f32x4.abs ${x}) ${w.f32(Infinity)}) ${w.f32(1)})`,
};

const floatBinary: { readonly [F in BinaryFn]: string } = {
  add: 'f32x4.add',
  subtract: 'f32x4.sub',
  multiply: 'f32x4.mul',
  divide: 'f32x4.div',
  maximum: 'f32x4.max',
  minimum: 'f32x4.min',
  power: '',
  equal: 'f32x4.eq',
  less: 'f32x4.lt',
  lessEqual: 'f32x4.le',
};

const integerBinary: { readonly [F in BinaryFn]: string } = {
  add: 'i32x4.add',
  subtract: 'i32x4.sub',
  multiply: 'i32x4.mul',
  divide: '',
  maximum: 'i32x4.max_s',
  minimum: 'i32x4.min_s',
  power: '',
  equal: 'i32x4.eq',
  less: 'i32x4.lt_s',
  lessEqual: 'i32x4.le_s',
};

export function emitUnary(w: Writer, fn: UnaryFn, x: string): string {
  return unary[fn](w, x);
}

/** All bits set where a comparison holds. */
export function compare(fn: BinaryFn, dtype: DType, x: string, y: string): string {
  return `(${dtype === 'f32' ? floatBinary[fn] : integerBinary[fn]} ${x} ${y})`;
}

export function emitBinary(w: Writer, fn: BinaryFn, dtype: DType, x: string, y: string): string {
  if (fn === 'equal' || fn === 'less' || fn === 'lessEqual') return `(v128.and ${compare(fn, dtype, x, y)} ${w.f32(1)})`;
  if (fn === 'power') return dtype === 'f32' ? power(w, x, y) : toInteger(power(w, toFloat(x), toFloat(y)));
  if (dtype === 'f32') return `(${floatBinary[fn]} ${x} ${y})`;
  return fn === 'divide' ? divideIntegers(w, x, y) : `(${integerBinary[fn]} ${x} ${y})`;
}

function power(w: Writer, x: string, y: string): string {
  const a = w.keep('v128', x);
  const b = w.keep('v128', y);
  return perLane('f32x4', (lane) => `(call $lb_pow (f32x4.extract_lane ${lane} ${a}) (f32x4.extract_lane ${lane} ${b}))`);
}

/** Truncates; by 0 gives 0. */
function divideIntegers(w: Writer, x: string, y: string): string {
  return perLane('i32x4', (lane) => {
    const divisor = w.keep('i32', `(i32x4.extract_lane ${lane} ${y})`);
    // Division by −1 is a negation, which wraps where the quotient would trap.
    const isUnit = `(i32.le_u (i32.add ${divisor} (i32.const 1)) (i32.const 1))`;
    const safe = `(select (i32.const 1) ${divisor} ${isUnit})`;
    const dividend = `(i32x4.extract_lane ${lane} ${x})`;
    return `(select (i32.mul ${dividend} ${divisor}) (i32.div_s ${dividend} ${safe}) ${isUnit})`;
  });
}

export function perLane(shape: 'f32x4' | 'i32x4', lane: (lane: number) => string): string {
  let vector = `(${shape}.splat ${lane(0)})`;
  for (let i = 1; i < 4; i++) vector = `(${shape}.replace_lane ${i} ${vector} ${lane(i)})`;
  return vector;
}

function toFloat(x: string): string {
  return `(f32x4.convert_i32x4_s ${x})`;
}

function toInteger(x: string): string {
  return `(i32x4.trunc_sat_f32x4_s ${x})`;
}

export function emitCast(w: Writer, from: DType, to: DType, x: string): string {
  if (to === 'f32') return toFloat(x);
  const whole = from === 'f32' ? toInteger(x) : x;
  return to === 'u8' ? `(v128.and ${whole} ${w.i32(255)})` : whole;
}

/** `select` with a mask of all-set bits. */
export function emitSelect(mask: string, whenTrue: string, whenFalse: string): string {
  return `(v128.bitselect ${whenTrue} ${whenFalse} ${mask})`;
}

export function maskOf(w: Writer, dtype: DType, x: string): string {
  return dtype === 'f32' ? `(f32x4.ne ${x} ${w.f32(0)})` : `(i32x4.ne ${x} ${w.i32(0)})`;
}

/** Where a beats b as a maximum: greater, or NaN against a number. */
export function beats(dtype: DType, a: string, b: string): string {
  if (dtype !== 'f32') return `(i32x4.gt_s ${a} ${b})`;
  return `(v128.or (f32x4.gt ${a} ${b}) (v128.andnot (f32x4.ne ${a} ${a}) (f32x4.ne ${b} ${b})))`;
}

/** Two standard normals from each two words: Box and Muller as in core/random/philox.ts, in f32. */
export function emitNormal(w: Writer, words: string): string {
  const shuffle = (order: string) => `(i8x16.shuffle ${order} ${words} ${words})`;
  const radiusWord = w.keep('v128', shuffle('0 1 2 3 0 1 2 3 8 9 10 11 8 9 10 11'));
  const angleWord = w.keep('v128', shuffle('4 5 6 7 4 5 6 7 12 13 14 15 12 13 14 15'));
  const open = (word: string) => `(f32x4.mul (f32x4.add (f32x4.convert_i32x4_u ${word}) ${w.f32(0.5)}) ${w.f32(2 ** -32)})`;
  // −log u, near 1 by how far u is below it, which f32 holds exactly enough.
  const u = w.keep('v128', open(radiusWord));
  const below = w.keep('v128', `(f32x4.neg ${open(`(v128.not ${radiusWord})`)})`);
  const far = approximations.log(w, u);
  const near = approximations.log1p(w, below);
  const logarithm = `(v128.bitselect ${far} ${near} (f32x4.lt ${u} ${w.f32(0.5)}))`;
  const radius = w.keep('v128', `(f32x4.sqrt (f32x4.mul ${logarithm} ${w.f32(-2)}))`);
  const angle = w.keep('v128', `(f32x4.mul ${open(angleWord)} ${w.f32(2 * Math.PI)})`);
  const quarters = w.keep('v128', `(i32x4.replace_lane 2 (i32x4.replace_lane 0 ${w.i32(0)} (i32.const 1)) (i32.const 1))`);
  return w.keep('v128', `(f32x4.mul ${radius} ${approximations.sineByQuarter(w, angle, quarters)})`);
}

export function emitUniform(w: Writer, words: string): string {
  return `(f32x4.mul (f32x4.convert_i32x4_u (i32x4.shr_u ${words} (i32.const 8))) ${w.f32(2 ** -24)})`;
}
