/**
 * Philox4x32-10, a counter-based random number generator (Salmon et al., Parallel Random Numbers: As Easy as 1, 2, 3,
 * SC 2011). A number is a pure function of key and counter, so nothing depends on the order of drawing.
 *
 * Counter words: (block, stream, low, high). Random ops use low, high = the step number; generators of
 * `createRandom` set the top bit of `high`, so the two never meet. The key is the 53-bit seed as two words.
 */

/** Encrypts the four counter words with the two key words into `out`; `out` may be `counter`. */
export function philox4x32(counter: Uint32Array, key: Uint32Array, out: Uint32Array): void {
  let c0 = counter[0]! | 0,
    c1 = counter[1]! | 0,
    c2 = counter[2]! | 0,
    c3 = counter[3]! | 0;
  let k0 = key[0]! | 0,
    k1 = key[1]! | 0;
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(0xd2511f53, c0);
    const low0 = Math.imul(0xd2511f53, c0);
    const high1 = multiplyHigh(0xcd9e8d57, c2);
    const low1 = Math.imul(0xcd9e8d57, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + 0x9e3779b9) | 0;
    k1 = (k1 + 0xbb67ae85) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** Upper 32 bits of the 64-bit product of two unsigned words, by 16-bit halves. */
function multiplyHigh(a: number, b: number): number {
  const aHigh = a >>> 16,
    aLow = a & 0xffff;
  const bHigh = b >>> 16,
    bLow = b & 0xffff;
  const lowHigh = Math.imul(aLow, bHigh);
  const highLow = Math.imul(aHigh, bLow);
  const middle = (Math.imul(aLow, bLow) >>> 16) + (lowHigh & 0xffff) + (highLow & 0xffff);
  return (Math.imul(aHigh, bHigh) + (lowHigh >>> 16) + (highLow >>> 16) + (middle >>> 16)) | 0;
}

/** Writes the key words of a seed, an integer in 0..2^53 − 1. */
export function setKey(key: Uint32Array, seed: number): void {
  if (!Number.isSafeInteger(seed) || seed < 0) throw new Error(`random: seed ${seed} is no integer in 0..2^53 - 1`);
  key[0] = seed % 2 ** 32;
  key[1] = Math.floor(seed / 2 ** 32);
}

/** Uniform in [0, 1) with 24 bits, so that f32 holds it exactly. */
export function uniformOf(word: number): number {
  return (word >>> 8) * 2 ** -24;
}

/** Uniform in (0, 1), never 0, so that its logarithm is finite. */
function openUniformOf(word: number): number {
  return ((word >>> 0) + 0.5) * 2 ** -32;
}

/** Two words to two independent standard normals (Box & Muller 1958): the radius and the angle. */
export function normalRadius(word: number): number {
  return Math.sqrt(-2 * Math.log(openUniformOf(word)));
}

export function normalAngle(word: number): number {
  return 2 * Math.PI * openUniformOf(word);
}

export interface Random {
  /** 0..2^32 − 1 */
  uint32(): number;
  /** [0, 1) */
  uniform(): number;
  /** Mean 0, variance 1. */
  normal(): number;
  /** 0..n − 1, each equally likely. */
  integer(n: number): number;
  /** In place (Fisher & Yates). */
  shuffle(items: Int32Array): void;
}

/** A generator of its own for each (seed, stream); `stream` is any unsigned 32-bit integer. */
export function createRandom(seed: number, stream: number): Random {
  const key = new Uint32Array(2);
  setKey(key, seed);
  const words = new Uint32Array(4);
  const counter = new Uint32Array(4);
  let blocks = 0;
  let used = 4;
  let spareNormal: number | undefined;

  function uint32(): number {
    if (used === 4) {
      counter[0] = blocks % 2 ** 32;
      counter[1] = stream;
      counter[2] = Math.floor(blocks / 2 ** 32);
      counter[3] = 0x80000000;
      philox4x32(counter, key, words);
      blocks++;
      used = 0;
    }
    return words[used++]!;
  }

  function integer(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 2 ** 32) throw new Error(`random: integer(${n}) needs 1..2^32`);
    // Words above the last whole multiple of n would favour small results.
    const limit = 2 ** 32 - (2 ** 32 % n);
    let word = uint32();
    while (word >= limit) word = uint32();
    return word % n;
  }

  return {
    uint32,
    uniform: () => uniformOf(uint32()),
    normal() {
      if (spareNormal !== undefined) {
        const spare = spareNormal;
        spareNormal = undefined;
        return spare;
      }
      const radius = normalRadius(uint32());
      const angle = normalAngle(uint32());
      spareNormal = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
    integer,
    shuffle(items) {
      for (let i = items.length - 1; i > 0; i--) {
        const j = integer(i + 1);
        const item = items[i]!;
        items[i] = items[j]!;
        items[j] = item;
      }
    },
  };
}
