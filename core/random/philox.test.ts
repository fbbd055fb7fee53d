import { describe, expect, it } from 'vitest';
import { createRandom, philox4x32 } from './philox.ts';

// Known answers published with the paper's Random123 library: counter, key, result.
const knownAnswers = [
  ['00000000 00000000 00000000 00000000', '00000000 00000000', '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
  ['ffffffff ffffffff ffffffff ffffffff', 'ffffffff ffffffff', '408f276d 41c83b0e a20bc7c6 6d5451fd'],
  ['243f6a88 85a308d3 13198a2e 03707344', 'a4093822 299f31d0', 'd16cfe09 94fdcceb 5001e420 24126ea1'],
] as const;

function words(text: string): Uint32Array {
  return Uint32Array.from(text.split(' '), (word) => Number.parseInt(word, 16));
}

function draw<T>(count: number, next: () => T): T[] {
  return Array.from({ length: count }, next);
}

describe('philox4x32', () => {
  it.each(knownAnswers)('counter %s, key %s', (counter, key, expected) => {
    const out = new Uint32Array(4);
    philox4x32(words(counter), words(key), out);
    expect(out).toEqual(words(expected));
  });

  it('may write over its counter', () => {
    const counter = words(knownAnswers[2][0]);
    philox4x32(counter, words(knownAnswers[2][1]), counter);
    expect(counter).toEqual(words(knownAnswers[2][2]));
  });
});

describe('createRandom', () => {
  it("repeats for a seed and differs by seed, by the seed's high word and by stream", () => {
    const first = draw(9, createRandom(7, 3).uint32);
    expect(draw(9, createRandom(7, 3).uint32)).toEqual(first);
    expect(draw(9, createRandom(8, 3).uint32)).not.toEqual(first);
    expect(draw(9, createRandom(7 + 2 ** 32, 3).uint32)).not.toEqual(first);
    expect(draw(9, createRandom(7, 4).uint32)).not.toEqual(first);
  });

  it('refuses a seed that is no 53-bit integer', () => {
    expect(() => createRandom(-1, 0)).toThrow('seed -1');
    expect(() => createRandom(0.5, 0)).toThrow('seed 0.5');
  });

  it('is uniform in [0, 1)', () => {
    const random = createRandom(1, 0);
    const sample = draw(20_000, random.uniform);
    const mean = sample.reduce((sum, x) => sum + x, 0) / sample.length;
    expect(Math.min(...sample)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...sample)).toBeLessThan(1);
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.01);
  });

  it('is normal: mean 0, variance 1, 95.4 % within two deviations', () => {
    const random = createRandom(2, 0);
    const sample = draw(20_000, random.normal);
    const mean = sample.reduce((sum, x) => sum + x, 0) / sample.length;
    const variance = sample.reduce((sum, x) => sum + (x - mean) ** 2, 0) / sample.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1)).toBeLessThan(0.05);
    expect(Math.abs(sample.filter((x) => Math.abs(x) < 2).length / sample.length - 0.954)).toBeLessThan(0.01);
  });

  it('draws integers evenly', () => {
    const random = createRandom(3, 0);
    const counts = [0, 0, 0];
    for (let i = 0; i < 9000; i++) counts[random.integer(3)]!++;
    for (const count of counts) expect(Math.abs(count - 3000)).toBeLessThan(200);
    expect(() => random.integer(0)).toThrow('integer(0)');
  });

  it('shuffles to a permutation, every place equally likely', () => {
    const random = createRandom(4, 0);
    const placeOfZero = [0, 0, 0, 0];
    for (let i = 0; i < 4000; i++) {
      const items = Int32Array.of(0, 1, 2, 3);
      random.shuffle(items);
      expect([...items].sort()).toEqual([0, 1, 2, 3]);
      placeOfZero[items.indexOf(0)]!++;
    }
    for (const count of placeOfZero) expect(Math.abs(count - 1000)).toBeLessThan(130);
  });
});
