import { describe, expect, it } from 'vitest';
import type { Forecast } from '../../../electron/contract/calls.ts';
import { forecastChart, forecastError } from './forecastLines.ts';

const forecast: Forecast = { column: 'rides', row: 10, history: [1, null, 3], values: [4, 5], actual: [5] };

describe('a forecast', () => {
  it('goes on from the last known value, beside what came', () => {
    const { lines, maxX, firstRow, min, max } = forecastChart(forecast);
    expect(lines.map(({ id, points }) => [id, points.map(({ x, y }) => `${x}:${y}`).join(' ')])).toEqual([
      ['history', '0:1 1:NaN 2:3'],
      ['actual', '2:3 3:5'],
      ['forecast', '2:3 3:4 4:5'],
    ]);
    expect([maxX, firstRow, min, max]).toEqual([4.5, 7, 1, 5]);
  });

  it('behind the end nobody knows what came', () => {
    expect(forecastChart({ ...forecast, actual: [] }).lines.map(({ id }) => id)).toEqual(['history', 'forecast']);
    expect(forecastError({ ...forecast, actual: [] })).toBeUndefined();
    expect(forecastError({ ...forecast, actual: [null, 7] })).toBe(2);
    expect(forecastError(forecast)).toBe(1);
  });
});
