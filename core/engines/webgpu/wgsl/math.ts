/**
 * Functions of one f32 as WGSL, by range reduction and polynomials, the same as those of the wasm engine where no double
 * precision is needed. A device's own may be several ulp off, give NaN where tanh is 1, or take NaN for a number: here
 * NaN is passed on, and tested for, by its bits. Sources: Muller, Elementary Functions, 2016; Payne and Hanek, Radian
 * Reduction for Trigonometric Functions, 1983.
 */
import { cosTail, erfFar, erfNear, expTail, halfPi, log2High, log2Low, logTail, sinTail, tanhTail } from '../../polynomials.ts';

interface Helper {
  readonly code: string;
  readonly needs?: readonly HelperName[];
}

export type HelperName = keyof typeof texts;

/** c0 + c1 x + c2 x² + ... */
function polynomial(x: string, coefficients: readonly number[]): string {
  return coefficients
    .slice(0, -1)
    .reduceRight((sum, coefficient) => `(${sum} * ${x} + ${float(coefficient)})`, float(coefficients.at(-1)!));
}

/** A finite number as WGSL writes it, exactly: every f32 is a double, and doubles print shortest round-trip. */
export function float(value: number): string {
  return `${Math.fround(value)}f`;
}

const texts = {
  isNan: { code: `fn isNan(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }` },

  /** NaN and Infinity can't be written: constant expressions may not hold them. */
  fromBits: { code: `fn fromBits(bits: u32) -> f32 { return bitcast<f32>(bits); }` },

  withSign: {
    code: `fn withSign(x: f32, signed: f32) -> f32 {
  return bitcast<f32>((bitcast<u32>(x) & 0x7fffffffu) | (bitcast<u32>(signed) & 0x80000000u));
}`,
  },

  /** A NaN among the two wins. */
  largest: {
    code: `fn largest(x: f32, y: f32) -> f32 { return select(select(max(x, y), y, isNan(y)), x, isNan(x)); }`,
    needs: ['isNan'],
  },
  smallest: {
    code: `fn smallest(x: f32, y: f32) -> f32 { return select(select(min(x, y), y, isNan(y)), x, isNan(x)); }`,
    needs: ['isNan'],
  },

  /** Whether x as a maximum beats y: greater, or NaN against a number. */
  beats: {
    code: `fn beats(x: f32, y: f32) -> bool { return x > y || (isNan(x) && !isNan(y)); }`,
    needs: ['isNan'],
  },

  /** ±0 and NaN are their own sign. */
  signOf: { code: `fn signOf(x: f32) -> f32 { return select(x, withSign(1f, x), abs(x) > 0f); }`, needs: ['withSign'] },

  /** Towards zero and to the nearest i32; NaN gives 0. */
  truncated: {
    code: `fn truncated(x: f32) -> i32 {
  let whole = i32(clamp(x, -2147483648f, 2147483520f));
  return select(select(whole, 2147483647, x >= 2147483648f), 0, isNan(x));
}`,
    needs: ['isNan'],
  },

  /** Truncates; by 0 gives 0. */
  quotient: {
    code: `fn quotient(x: i32, y: i32) -> i32 {
  if (y == 0 || y == -1) { return x * y; }
  return x / y;
}`,
  },

  /** e^(x + rest), x in −104..89 and rest tiny; overflows and underflows as 2ⁿ in two factors does. */
  exponentialOf: {
    code: `fn exponentialOf(x: f32, rest: f32) -> f32 {
  let n = round(x * ${float(Math.LOG2E)});
  let r = ((x - n * ${float(log2High)}) + n * ${float(-log2Low)}) + rest;
  let tail = ${polynomial('r', expTail)};
  let whole = i32(n);
  let half = whole >> 1u;
  return (1f + (tail * (r * r) + r)) * bitcast<f32>((half + 127) << 23u) * bitcast<f32>((whole - half + 127) << 23u);
}`,
  },
  exponential: {
    code: `fn exponential(x: f32) -> f32 { return select(exponentialOf(clamp(x, -104f, 89f), 0f), x, isNan(x)); }`,
    needs: ['exponentialOf', 'isNan'],
  },

  /** log (1 + f) + exponent · log 2, f in √½ − 1..√2 − 1. */
  logarithmOf: {
    code: `fn logarithmOf(f: f32, exponent: f32) -> f32 {
  let p = ${polynomial('f', logTail)};
  let square = f * f;
  let low = exponent * ${float(log2Low)} + p * square * f;
  return exponent * ${float(log2High)} + ((square * -0.5f + low) + f);
}`,
  },
  /** log(±0) = −∞, of negative numbers NaN. */
  logarithm: {
    code: `fn logarithm(x: f32) -> f32 {
  let bits = bitcast<u32>(x);
  if (bits >= 0x7f800000u || bits == 0u) {
    if (bits <= 0x7fffffffu && bits != 0u) { return x; }
    return fromBits(select(0x7fc00000u, 0xff800000u, (bits << 1u) == 0u));
  }
  let isTiny = bits < 0x00800000u;
  let offset = bitcast<i32>(select(x, x * 8388608f, isTiny)) - 0x3f3504f3;
  let f = bitcast<f32>((offset & 0x007fffff) + 0x3f3504f3) - 1f;
  return logarithmOf(f, f32((offset >> 23u) - select(0, 23, isTiny)));
}`,
    needs: ['fromBits', 'logarithmOf'],
  },
  logarithm1p: {
    code: `fn logarithm1p(x: f32) -> f32 {
  if (x > -0.29f && x < 0.41f) { return logarithmOf(x, 0f); }
  return logarithm(1f + x);
}`,
    needs: ['logarithm', 'logarithmOf'],
  },

  hyperbolicTangent: {
    code: `fn hyperbolicTangent(x: f32) -> f32 {
  let z = x * x;
  let near = x + x * z * ${polynomial('z', tanhTail)};
  let far = 1f - 2f / (exponentialOf(min(abs(x), 20f) * 2f, 0f) + 1f);
  return select(select(withSign(far, x), near, abs(x) < 0.625f), x, isNan(x));
}`,
    needs: ['exponentialOf', 'withSign', 'isNan'],
  },
  /** The exponential never overflows, its argument is −|x|. */
  sigmoid: {
    code: `fn sigmoid(x: f32) -> f32 {
  let e = exponential(-abs(x));
  return select(e, 1f, x >= 0f) / (1f + e);
}`,
    needs: ['exponential'],
  },
  /** x · polynomial of x² below 1, beyond it 1 − e^polynomial. */
  errorFunction: {
    code: `fn errorFunction(x: f32) -> f32 {
  let z = x * x;
  let near = x + x * ${polynomial('z', erfNear)};
  let t = min(abs(x), 4f);
  let q = ${polynomial('t', erfFar)};
  let far = withSign(1f - exponentialOf(-q, 0f), x);
  return select(select(far, near, abs(x) < 1f), x, isNan(x));
}`,
    needs: ['exponentialOf', 'withSign', 'isNan'],
  },

  /** sin(r + quarter · π/2), |r| at most about π/4. */
  sineOf: {
    code: `fn sineOf(r: f32, quarter: u32) -> f32 {
  let z = r * r;
  let sine = r + r * z * ${polynomial('z', sinTail)};
  let cosine = 1f + z * ${polynomial('z', cosTail)};
  let value = select(sine, cosine, (quarter & 1u) == 1u);
  return bitcast<f32>(bitcast<u32>(value) ^ ((quarter & 2u) << 30u));
}`,
  },
  /** Up to 8192 the argument is reduced in three steps whose products are exact, beyond by the digits of 2/π as integers. */
  sine: {
    code: `fn sine(x: f32, quarter: u32) -> f32 {
  if (abs(x) <= 8192f) {
    let n = round(x * ${float(2 / Math.PI)});
    let r = ((x - n * ${float(halfPi[0])}) - n * ${float(halfPi[1])}) - n * ${float(halfPi[2])};
    return sineOf(r, u32(i32(n)) + quarter);
  }
  let bits = bitcast<u32>(x);
  let exponent = (bits >> 23u) & 255u;
  if (exponent == 255u) { return fromBits(0x7fc00000u); }
  var digits = array<u32, 7>(0u, 0xa2f9836eu, 0x4e441529u, 0xfc2757d1u, 0xf534ddc0u, 0xdb629599u, 0x3c439041u);
  let at = exponent - 120u;
  let word = at >> 5u;
  let shift = at & 31u;
  // Two words of 2/π · 2^(exponent − 150) modulo 4; shifting by 32 is shifting twice.
  let high = (digits[word] << shift) | ((digits[word + 1u] >> 1u) >> (31u - shift));
  let low = (digits[word + 1u] << shift) | ((digits[word + 2u] >> 1u) >> (31u - shift));
  let mantissa = (bits & 0x007fffffu) | 0x00800000u;
  let turn = mantissa * high + multiplyHigh(mantissa, low);
  let n = (turn + 0x20000000u) >> 30u;
  let r = f32(bitcast<i32>(turn - (n << 30u))) * ${float((Math.PI / 2) * 2 ** -30)};
  let isNegative = bits >= 0x80000000u;
  return sineOf(select(r, -r, isNegative), select(n, 0u - n, isNegative) + quarter);
}`,
    needs: ['sineOf', 'fromBits', 'multiplyHigh'],
  },

  /**
   * x^y = e^(y · log |x|) with the logarithm and its product with y as sums of two numbers (Dekker 1971), about 1 ulp.
   * Special cases as JavaScript's.
   */
  power: {
    code: `fn power(x: f32, y: f32) -> f32 {
  if (y == 0f) { return 1f; }
  if (isNan(x) || isNan(y)) { return fromBits(0x7fc00000u); }
  if (y == 1f) { return x; }
  let isNegative = bitcast<u32>(x) >= 0x80000000u;
  let isOdd = y != 2f * floor(y * 0.5f);
  let a = bitcast<u32>(x) & 0x7fffffffu;
  let b = bitcast<u32>(y) & 0x7fffffffu;
  var value: f32;
  if (a == 0u || a == 0x7f800000u || b == 0x7f800000u) {
    if (a == 0x3f800000u) { return fromBits(0x7fc00000u); }
    value = fromBits(select(0u, 0x7f800000u, (a > 0x3f800000u) == (y > 0f)));
  } else {
    value = powerOf(bitcast<f32>(a), y);
  }
  if (!isNegative) { return value; }
  if (y == floor(y)) { return select(value, -value, isOdd); }
  return select(fromBits(0x7fc00000u), value, a == 0u || a == 0x7f800000u);
}
fn powerOf(x: f32, y: f32) -> f32 {
  let isTiny = bitcast<u32>(x) < 0x00800000u;
  let offset = bitcast<i32>(select(x, x * 8388608f, isTiny)) - 0x3f3504f3;
  let f = bitcast<f32>((offset & 0x007fffff) + 0x3f3504f3) - 1f;
  let exponent = f32((offset >> 23u) - select(0, 23, isTiny));
  // log (1 + f) = 2 (s + s³/3 + s⁵/5 + ...) with s = f / (2 + f) and what the division left.
  let d = 2f + f;
  let s = f / d;
  let s1 = upperHalf(s);
  let d1 = upperHalf(d);
  let excess = ((s1 * d1 - f) + s1 * (d - d1) + (s - s1) * d1) + (s - s1) * (d - d1);
  let left = (-excess - s * (f - (d - 2f))) / d;
  let z = s * s;
  let series = s * z * ${polynomial('z', [2 / 3, 2 / 5, 2 / 7, 2 / 9, 2 / 11])};
  let first = exponent * ${float(log2High)};
  let high = first + 2f * s;
  let low = (2f * s - (high - first)) + (exponent * ${float(log2Low)} + (2f * left + series));
  let p = high * y;
  if (abs(p) > 110f) { return exponentialOf(select(-104f, 89f, p > 0f), 0f); }
  let h = upperHalf(high);
  let v = upperHalf(y);
  let rest = (((h * v - p) + h * (y - v) + (high - h) * v) + (high - h) * (y - v)) + low * y;
  return exponentialOf(clamp(p, -104f, 89f), rest);
}
fn upperHalf(x: f32) -> f32 { return bitcast<f32>(bitcast<u32>(x) & 0xfffff000u); }`,
    needs: ['exponentialOf', 'fromBits', 'isNan'],
  },

  /** Upper 32 bits of the 64-bit product, by 16-bit halves. */
  multiplyHigh: {
    code: `fn multiplyHigh(x: u32, y: u32) -> u32 {
  let low = (x & 0xffffu) * (y & 0xffffu);
  let first = (x & 0xffffu) * (y >> 16u);
  let second = (x >> 16u) * (y & 0xffffu);
  let middle = (low >> 16u) + (first & 0xffffu) + (second & 0xffffu);
  return (x >> 16u) * (y >> 16u) + (first >> 16u) + (second >> 16u) + (middle >> 16u);
}`,
  },
  /** Philox4x32-10: the same words as core/random/philox.ts. */
  philox: {
    code: `fn philox(block: u32, stream: u32, step: vec2u, key: vec2u) -> vec4u {
  var c = vec4u(block, stream, step);
  var k = key;
  for (var round = 0; round < 10; round++) {
    c = vec4u(multiplyHigh(0xcd9e8d57u, c.z) ^ c.y ^ k.x, 0xcd9e8d57u * c.z, multiplyHigh(0xd2511f53u, c.x) ^ c.w ^ k.y, 0xd2511f53u * c.x);
    k += vec2u(0x9e3779b9u, 0xbb67ae85u);
  }
  return c;
}`,
    needs: ['multiplyHigh'],
  },
  /** In [0, 1), 24 bits. */
  uniformOf: { code: `fn uniformOf(words: vec4u, i: u32) -> f32 { return f32(words[i & 3u] >> 8u) * ${float(2 ** -24)}; }` },
  /** Box and Muller (1958): a pair of words gives a radius and an angle, whose quarter is its top two bits. */
  normalOf: {
    code: `fn normalOf(words: vec4u, i: u32) -> f32 {
  let pair = select(words.xy, words.zw, (i & 2u) != 0u);
  // −log u, near 1 by how far u is below it.
  let far = logarithm((f32(pair.x) + 0.5f) * ${float(2 ** -32)});
  let near = logarithm1p((f32(~pair.x) + 0.5f) * ${float(-(2 ** -32))});
  let radius = sqrt(-2f * select(far, near, pair.x >= 0x80000000u));
  let quarter = (pair.y + 0x20000000u) >> 30u;
  let angle = (f32(bitcast<i32>(pair.y - (quarter << 30u))) + 0.5f) * ${float((Math.PI / 2) * 2 ** -30)};
  return radius * sineOf(angle, quarter + 1u - (i & 1u));
}`,
    needs: ['logarithm', 'logarithm1p', 'sineOf'],
  },
} satisfies Record<string, { readonly code: string; readonly needs?: readonly string[] }>;

/** The functions asked for and what they call, each once. */
export function helperText(names: Iterable<HelperName>): string {
  const seen = new Set<HelperName>(names);
  for (const name of seen) for (const other of (texts[name] as Helper).needs ?? []) seen.add(other);
  return [...seen].sort().map((name) => texts[name].code).join('\n'); // prettier-ignore
}
