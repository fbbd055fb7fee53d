import { describe, expect, it } from 'vitest';
import { cellText, elementIn, indexText, isSmall, largest, placeIn, planesOf, shapeText } from './tensorPlane.ts';

describe('planes of a tensor', () => {
  it('are its last two long axes', () => {
    expect(planesOf([1, 6, 28, 28])).toEqual({ rows: 28, columns: 28, count: 6 });
    expect(planesOf([1, 64])).toEqual({ rows: 1, columns: 64, count: 1 });
    expect(planesOf([])).toEqual({ rows: 1, columns: 1, count: 1 });
    expect(planesOf([8, 1, 5, 5])).toEqual({ rows: 5, columns: 5, count: 8 });
    expect(planesOf([1, 4, 1, 9])).toEqual({ rows: 4, columns: 9, count: 1 });
  });

  it('find every element again', () => {
    const planes = planesOf([3, 4, 5]);
    for (let element = 0; element < 60; element++) {
      const { plane, row, column } = placeIn(planes, element);
      expect(elementIn(planes, plane, row, column)).toBe(element);
    }
  });

  it('say where an element stands', () => {
    expect(indexText([1, 6, 28, 28], 784 + 30)).toBe('1, 1, 2');
    expect(indexText([], 0)).toBe('');
    expect([shapeText([2, 3]), shapeText([])]).toEqual(['2 × 3', '1']);
  });

  it('know their largest number, and whether they can be written out', () => {
    expect([largest([0, -3, 2]), largest([0, 0]), largest([NaN, 1])]).toEqual([3, 1, 1]);
    expect([isSmall(planesOf([1, 10])), isSmall(planesOf([1, 64])), isSmall(planesOf([12, 12])), isSmall(planesOf([40, 4]))]).toEqual([true, false, true, false]); // prettier-ignore
  });

  it('write numbers into small cells', () => {
    expect([0, 0.0294, -0.00195, -0.00061234, 8.61e-5, -123456, 12.3456, NaN].map(cellText)).toEqual(['0', '0.0294', '-0.0019', '-6.1e-4', '8.6e-5', '-1.2e5', '12.3', '–']); // prettier-ignore
    for (let i = -60; i < 60; i++) expect(cellText(-1.2345 * 10 ** (i / 4)).length).toBeLessThanOrEqual(8);
  });
});
