import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SplitConfig } from '../train/runConfig.ts';
import { splitRows } from './split.ts';

const config = (change: Partial<SplitConfig> = {}): SplitConfig => ({
  train: 0.7,
  validation: 0.15,
  test: 0.15,
  seed: 1,
  stratify: true,
  ...change,
});
const upTo = (n: number) => Int32Array.from({ length: n }, (_, i) => i);

const shares = fc
  .tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 20 }))
  .map(([a, b, c]) => {
    const sum = a + b + c;
    return { train: a / sum, validation: b / sum, test: c / sum };
  });

describe('splitRows', () => {
  it('puts every row into exactly one part, ascending, each class within one row of its share', () => {
    fc.assert(
      fc.property(shares, fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 200 }), fc.nat(), (share, classes, seed) => {
        const codes = Int32Array.from(classes);
        const parts = splitRows(upTo(codes.length), config({ ...share, seed }), { codes });
        const all = [...parts.train, ...parts.validation, ...parts.test];
        expect(all.toSorted((a, b) => a - b)).toEqual([...upTo(codes.length)]);
        for (const [name, rows] of Object.entries(parts) as [keyof typeof share, Int32Array][]) {
          expect([...rows]).toEqual([...rows].sort((a, b) => a - b));
          for (const code of new Set(codes)) {
            const total = codes.filter((c) => c === code).length;
            const here = rows.filter((row) => codes[row] === code).length;
            expect(Math.abs(here - share[name] * total)).toBeLessThan(1 + 1e-6);
          }
        }
        // What is met in another part was met in training.
        const trained = new Set([...parts.train].map((row) => codes[row]));
        for (const row of all) expect(trained.has(codes[row])).toBe(true);
      }),
    );
  });

  it('divides without classes to within one row', () => {
    const parts = splitRows(upTo(103), config());
    expect(
      [parts.train.length, parts.validation.length, parts.test.length].map((n, i) => Math.abs(n - 103 * [0.7, 0.15, 0.15][i]!) < 1),
    ).toEqual([true, true, true]);
  });

  it('keeps the parts of many small classes near their shares', () => {
    const codes = Int32Array.from({ length: 1500 }, (_, i) => i % 500);
    const parts = splitRows(upTo(1500), config(), { codes });
    expect(parts.train.length).toBeGreaterThan(1000);
    expect(parts.validation.length).toBeGreaterThan(150);
    expect(parts.test.length).toBeGreaterThan(150);
  });

  it('depends on the seed and on nothing else', () => {
    const once = splitRows(upTo(50), config({ seed: 3 }));
    expect(splitRows(upTo(50), config({ seed: 3 }))).toEqual(once);
    expect(splitRows(upTo(50), config({ seed: 4 }))).not.toEqual(once);
  });

  it('leaves a given test set whole and divides the rest', () => {
    const parts = splitRows(upTo(30), config({ train: 0.9, validation: 0.1, test: 0 }), { testFrom: 20 });
    expect([...parts.test]).toEqual([20, 21, 22, 23, 24, 25, 26, 27, 28, 29]);
    expect(parts.train.length).toBe(18);
    expect([...parts.train, ...parts.validation].every((row) => row < 20)).toBe(true);
  });

  it('gives a single row to training', () => {
    const parts = splitRows(upTo(1), config({ train: 0.1, validation: 0.45, test: 0.45 }), { codes: Int32Array.of(0) });
    expect([...parts.train]).toEqual([0]);
  });

  it.each([
    ['a negative share', { train: -0.1, test: 0.95 }, 'split.train: expected a share from 0 to 1, got -0.1'],
    ['no number', { validation: NaN }, 'split.validation: expected a share from 0 to 1, got NaN'],
    ['a sum below 1', { train: 0.5 }, 'got 0.5 + 0.15 + 0.15 = 0.8'],
    ['a sum above 1', { test: 0.3 }, '= 1.15'],
    ['nothing to train on', { train: 0, validation: 0.5, test: 0.5 }, 'split.train: expected a share above 0'],
  ] as const)('refuses %s', (_, change, sentence) => expect(() => splitRows(upTo(10), config(change))).toThrow(sentence));

  it('refuses a test share beside a given test set, with a fix', () => {
    expect(() => splitRows(upTo(10), config(), { testFrom: 5 })).toThrow(
      'split.test: expected 0 because this data set brings its own test set',
    );
  });
});
