import { describe, expect, it } from 'vitest';
import { checkedPoints, countParameters, createFit, drawLine, positionOf, sampleCurve, shapeWith } from './approximation.ts';

const sine = { activation: 'tanh', target: sampleCurve('sine'), steps: 1500, learningRate: 0.02 } as const;

describe('a network fitted to a curve', () => {
  it('of width 64 is nowhere further from the sine than 0.05', async () => {
    for (const seed of [1, 2]) {
      const fit = await createFit({ ...sine, hidden: [64], seed });
      await fit.run(sine.steps);
      const { maximumError, fit: found, step } = await fit.read();
      expect(step).toBe(sine.steps);
      expect(maximumError).toBeLessThanOrEqual(0.05);
      // The error is what one sees between the fitted points, too.
      const own = found.reduce((most, value, i) => Math.max(most, Math.abs(value - Math.sin(positionOf(i, checkedPoints)))), 0);
      expect(maximumError).toBeCloseTo(own, 6);
    }
  }, 60_000);

  it('of width 1 cannot do it, and the same seed gives the same fit', async () => {
    const results = [];
    for (let i = 0; i < 2; i++) {
      const fit = await createFit({ ...sine, steps: 300, hidden: [1], seed: 3 });
      await fit.run(1000);
      results.push(await fit.read());
    }
    expect(results[0]!.step).toBe(300);
    expect(results[0]!.maximumError).toBeGreaterThan(0.2);
    expect(results[1]).toEqual(results[0]);
  });

  it('the curve is drawn in lines, whichever way and however fast the pointer goes', () => {
    const flat = new Float32Array(checkedPoints);
    const [a, b] = [{ at: 100, value: -1 }, { at: 200, value: 1 }] as const; // prettier-ignore
    const drawn = drawLine(flat, a, b, 1.5);
    expect(drawLine(flat, b, a, 1.5)).toEqual(drawn);
    expect([100, 150, 200].map((i) => drawn[i])).toEqual([-1, 0, 1]);
    expect([drawn[99], drawn[201]]).toEqual([0, 0]);
    expect(flat.every((value) => value === 0)).toBe(true);
    // A point: no further than the plot, and never beyond its ends.
    const point = { at: 2, value: 9 };
    expect(Math.max(...drawLine(flat, point, point, 1.5))).toBe(1.5);
  });

  it('has as many parameters as whole units allow, whatever its depth', () => {
    expect(countParameters([64])).toBe(193);
    for (const depth of [1, 2, 3, 4]) {
      const shape = shapeWith(depth, 193);
      expect(shape).toHaveLength(depth);
      expect(Math.abs(countParameters(shape) - 193) / 193).toBeLessThan(0.16);
    }
  });
});
