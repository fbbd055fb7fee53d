import { describe, expect, it } from 'vitest';
import { placePoints } from './plot.ts';

const point = (id: string, year: number, value: number) => ({ id, title: `Network ${id}`, year, value });

describe('placePoints', () => {
  it('puts later years right and larger values up, on a logarithmic axis', () => {
    const { points } = placePoints([point('a', 2000, 1e3), point('b', 2010, 1e6), point('c', 2020, 1e9)], 600, 300);
    const [a, b, c] = points;
    expect(a!.x).toBeLessThan(b!.x);
    expect(b!.x).toBeLessThan(c!.x);
    expect(a!.y - b!.y).toBeCloseTo(b!.y - c!.y, 6);
    expect(a!.y).toBeGreaterThan(c!.y);
  });

  it('writes a name on the side where there is room, and leaves it out where there is none', () => {
    const { points } = placePoints([point('a', 2000, 1e3), point('b', 2020, 1e3), point('c', 2020, 1.01e3)], 400, 300);
    const side = new Map(points.map((own) => [own.id, own.side]));
    expect(side.get('a')).toBe('right');
    expect([side.get('b'), side.get('c')].filter((own) => own !== undefined)).toEqual(['left']);
  });

  it('has ticks within the plot', () => {
    const { years, values } = placePoints([point('a', 1986, 1e5), point('b', 2024, 7e10)], 700, 320);
    for (const { at } of [...years, ...values]) {
      expect(at).toBeGreaterThanOrEqual(0);
      expect(at).toBeLessThanOrEqual(1);
    }
    expect(values.length).toBeGreaterThan(3);
    expect(values.map(({ value }) => value)).toContain(1e6);
  });

  it('is empty without points or room', () => {
    expect(placePoints([], 100, 100).points).toEqual([]);
    expect(placePoints([point('a', 2000, 1)], 0, 100).points).toEqual([]);
  });
});
