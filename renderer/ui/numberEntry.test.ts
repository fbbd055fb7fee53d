import { describe, expect, it } from 'vitest';
import { readNumber, writeNumber } from './numberEntry.ts';

const units = { integer: true, min: 1, max: 65536 };
const rate = { integer: false, min: 0, max: 1 };

describe('number entry', () => {
  it.each([
    ['128', 128],
    [' 64 ', 64],
    ['1,024', 1024],
    ['12,000', 12000],
    ['1e3', 1000],
  ])('reads the whole number %s', (entry, value) => expect(readNumber(entry, units)).toEqual({ value }));

  it.each([
    ['0.001', 0.001],
    ['1e-3', 0.001],
    ['.5', 0.5],
  ])('reads the number %s', (entry, value) => expect(readNumber(entry, rate)).toEqual({ value }));

  it.each(['0', '-3', '1.5', 'many', '', '70000', '1,23', 'Infinity'])('refuses %s and says what is expected', (entry) =>
    expect(readNumber(entry, units)).toEqual({ error: `Expected a whole number from 1 to 65,536, got “${entry}”.` }),
  );

  it('writes values so that they read back unchanged', () => {
    for (const value of [0, 1, 0.1, 1e-8, 123456.789, 1e-5])
      expect(readNumber(writeNumber(value), { integer: false, min: -1e9, max: 1e9 })).toEqual({ value });
  });
});
