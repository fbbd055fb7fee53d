import { describe, expect, it } from 'vitest';
import { activate, activationCurve, curveNames, flatShare, histogramOf, normOf } from './activationCurve.ts';

const x = Float64Array.from({ length: 41 }, (_, i) => -4 + i / 5);

describe('activation curves', () => {
  it.each(curveNames)('%s: the derivative is the slope of the curve', (name) => {
    const h = 1e-6;
    const { slopes } = activationCurve(name, x);
    const moved = (by: number) =>
      activationCurve(
        name,
        x.map((value) => value + by),
      ).values;
    const [up, down] = [moved(h), moved(-h)];
    x.forEach((value, i) => {
      // Not at kinks, where there is no one slope.
      if ([0, 3, -3].some((kink) => Math.abs(value - kink) < 0.01)) return;
      expect(slopes[i]).toBeCloseTo((up[i]! - down[i]!) / (2 * h), 5);
    });
  });

  it('know tanh and ReLU', () => {
    const { values, slopes } = activationCurve('tanh', x);
    x.forEach((value, i) => {
      expect(values[i]).toBeCloseTo(Math.tanh(value), 14);
      expect(slopes[i]).toBeCloseTo(1 - Math.tanh(value) ** 2, 14);
    });
    expect([...activationCurve('relu', Float64Array.of(-1, 0, 2)).slopes]).toEqual([0, 0, 1]);
  });

  it('act on a row of numbers as a whole, too', () => {
    expect([...activate('tanh', Float64Array.of(0.5, -2))]).toEqual([Math.tanh(0.5), Math.tanh(-2)]);
    const shares = activate('softmax', Float64Array.of(0, Math.log(3)));
    expect(shares[0]).toBeCloseTo(0.25, 12);
    expect(shares[1]).toBeCloseTo(0.75, 12);
    const own = Float64Array.of(4);
    expect(activate('linear', own)).toBe(own);
  });

  it('say how much is flat, and count', () => {
    expect(flatShare('relu', Float64Array.of(-1, -2, 3, 4))).toBe(0.5);
    expect(flatShare('linear', Float64Array.of(-1, 5))).toBe(0);
    expect(histogramOf([-9, -1, 0, 0.5, 9], -2, 2, 4).counts).toEqual([1, 1, 2, 1]);
    expect(normOf([3, 4])).toBe(5);
  });
});
