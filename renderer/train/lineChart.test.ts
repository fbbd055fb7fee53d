import { describe, expect, it } from 'vitest';
import { besideMarker, boundsOf, formatAxis } from './lineChart.ts';

describe('line chart', () => {
  it('writes a marker’s label beside its line, never outside the plot', () => {
    const area = { left: 40, right: 200 };
    expect(besideMarker(60, 100, area)).toBe(66);
    expect(besideMarker(180, 100, area)).toBe(74);
    expect(besideMarker(120, 100, area)).toBe(100);
    expect(besideMarker(120, 300, area)).toBe(40);
  });

  it('knows what a quantity cannot pass and how its axis is labelled', () => {
    expect(boundsOf('accuracy')).toEqual({ min: 0, max: 1, anchor: 'max' });
    expect(boundsOf('r2').min).toBe(-Infinity);
    expect(boundsOf('rmse').min).toBe(0);
    expect(formatAxis('accuracy', 0.6)).toBe('60 %');
    expect(formatAxis('rmse', 150_000)).toBe('150,000');
  });
});
