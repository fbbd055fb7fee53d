import { expect, it } from 'vitest';
import { decadesOf, lastDecade, pointAt, rateAt, rateText, toChartPoints } from './ratePoints.ts';

const points = [
  { rate: 1e-6, loss: 2 },
  { rate: 1e-3, loss: 1 },
  { rate: 0.2, loss: 4 },
];

it('stands on decades from the lowest rate on', () => {
  expect(toChartPoints(points).map(({ x }) => Number(x.toFixed(2)))).toEqual([0, 3, 5.3]);
  expect(rateAt(decadesOf(0.0032))).toBeCloseTo(0.0032, 12);
});

it('shows all decades while it runs, then those that were tried', () => {
  expect(lastDecade(points, true)).toBe(7);
  expect(lastDecade(points, false)).toBe(6);
  expect(lastDecade([], false)).toBe(7);
});

it('writes rates shortly', () => {
  expect([1e-6, 3.2e-5, 1e-4, 0.0032, 0.123, 1, 10].map(rateText)).toEqual(['1e-6', '3.2e-5', '0.0001', '0.0032', '0.12', '1', '10']);
});

it('finds the rate under the pointer', () => {
  expect(pointAt(toChartPoints(points), 2.8)?.loss).toBe(1);
  expect(pointAt([], 2)).toBeUndefined();
});
