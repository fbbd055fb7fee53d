import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSampler } from './sampler.ts';

const rowsOf = (n: number) => Int32Array.from({ length: n }, (_, i) => 10 * i);

describe('createSampler', () => {
  it('shows every row once per epoch, in batches of one size and a short last one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 20 }), fc.nat(), (n, batchSize, seed) => {
        const sampler = createSampler({ rows: rowsOf(n), batchSize, seed });
        expect(sampler.stepsPerEpoch).toBe(Math.ceil(n / batchSize));
        for (const epoch of [0, 2]) {
          const seen: number[] = [];
          for (let s = 0; s < sampler.stepsPerEpoch; s++) {
            const step = epoch * sampler.stepsPerEpoch + s;
            const rows = sampler.rowsFor(step);
            expect(sampler.epochOf(step)).toBe(epoch);
            expect(rows.length).toBe(sampler.isTail(step) ? sampler.tailSize : batchSize);
            seen.push(...rows);
          }
          expect(seen.sort((a, b) => a - b)).toEqual([...rowsOf(n)]);
        }
      }),
    );
  });

  it('is a pure function of seed and step', () => {
    const options = { rows: rowsOf(23), batchSize: 5, seed: 7 };
    const straight = createSampler(options);
    const all = Array.from({ length: 15 }, (_, step) => [...straight.rowsFor(step)]);
    const jumping = createSampler(options);
    for (const step of [14, 0, 7, 3, 14, 5]) expect([...jumping.rowsFor(step)]).toEqual(all[step]);
    expect(all[0]).not.toEqual(all[5]);
    expect([...createSampler({ ...options, seed: 8 }).rowsFor(0)]).not.toEqual(all[0]);
  });

  it('gives several whole batches as one view', () => {
    const sampler = createSampler({ rows: rowsOf(23), batchSize: 5, seed: 1 });
    const three = sampler.rowsFor(1, 3);
    expect(three.length).toBe(15);
    expect([...three]).toEqual([1, 2, 3].flatMap((step) => [...sampler.rowsFor(step)]));
    expect(three.buffer).toBe(sampler.rowsFor(0).buffer);
    expect(() => sampler.rowsFor(1, 4)).toThrow('3 of one size left');
    expect(() => sampler.rowsFor(4, 2)).toThrow('1 of one size left');
  });
});
