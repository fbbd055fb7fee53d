import { describe, expect, it } from 'vitest';
import { axisEnd, bestPoint, nearestPoint, secondQuantity, toPoints, type ChartPoint } from './chartData.ts';

const points = (ys: number[]): ChartPoint[] => ys.map((y, x) => ({ x, y }));

describe('chart data', () => {
  it('counts in epochs and leaves a gap where a value is not finite', () => {
    expect(toPoints([5, 10], [1, Infinity], 10)).toEqual([
      { x: 0.5, y: 1 },
      { x: 1, y: NaN },
    ]);
  });

  it('finds the lowest loss and the highest accuracy, the first of equals', () => {
    expect(bestPoint(points([3, 1, NaN, 1, 2]), 'loss')).toEqual({ x: 1, y: 1 });
    expect(bestPoint(points([0.1, 0.9, 0.9]), 'accuracy')).toEqual({ x: 1, y: 0.9 });
    expect(bestPoint([], 'loss')).toBeUndefined();
  });

  it('finds the nearest point on either side, within reach', () => {
    const line = [
      { x: 1, y: 10 },
      { x: 2, y: 20 },
      { x: 4, y: 40 },
    ];
    expect(nearestPoint(line, 2.9)?.y).toBe(20);
    expect(nearestPoint(line, 3.1)?.y).toBe(40);
    expect(nearestPoint(line, -9)?.y).toBe(10);
    expect(nearestPoint(line, 9)?.y).toBe(40);
    expect(nearestPoint(line, 9, 2)).toBeUndefined();
    expect(nearestPoint([], 1)).toBeUndefined();
  });

  it('ends the axis where the curve stays readable', () => {
    expect(axisEnd(5, 0)).toBe(1);
    expect(axisEnd(5, 0.5)).toBe(5);
    expect(axisEnd(100, 3)).toBe(5);
    expect(axisEnd(100, 10)).toBe(100);
    expect(axisEnd(100_000, 455)).toBe(500);
    expect(axisEnd(100_000, 990)).toBe(2000);
    expect(axisEnd(100_000, 2321.94)).toBe(5000);
    expect(axisEnd(1, 0.05)).toBe(1);
  });

  it('shows accuracy where there is one, else the error in own units', () => {
    expect(secondQuantity(['train/loss', 'validation/accuracy'])).toBe('accuracy');
    expect(secondQuantity(['train/loss', 'train/mae', 'train/rmse'])).toBe('rmse');
    expect(secondQuantity(['train/loss'])).toBeUndefined();
  });

  it('thins to the asked number and keeps extremes, order and the last point', () => {
    const steps = Array.from({ length: 10_000 }, (_, i) => i);
    const thin = toPoints(
      steps,
      steps.map((i) => (i === 5000 ? 99 : Math.sin(i))),
      1,
      500,
    );
    expect(thin.length).toBeLessThanOrEqual(500);
    expect(Math.max(...thin.map((p) => p.y))).toBe(99);
    expect(thin.every((p, i) => i === 0 || p.x > thin[i - 1]!.x)).toBe(true);
    expect(thin.at(-1)?.x).toBe(9999);
  });
});
