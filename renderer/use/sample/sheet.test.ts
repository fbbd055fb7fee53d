import { describe, expect, it } from 'vitest';
import { layoutSheet } from './sheet.ts';

describe('a sheet of images', () => {
  it.each([
    [16, 1, { columns: 4, rows: 4, gap: 2, width: 118, height: 118 }],
    [16, 1.7, { columns: 4, rows: 4, gap: 2, width: 118, height: 118 }],
    [10, 2, { columns: 5, rows: 2, gap: 2, width: 148, height: 58 }],
    [1, 3, { columns: 1, rows: 1, gap: 2, width: 28, height: 28 }],
    [3, 100, { columns: 3, rows: 1, gap: 2, width: 88, height: 28 }],
  ])('%i images in a place of %d : 1', (count, aspect, layout) => {
    expect(layoutSheet({ shape: [1, 28, 28], count }, aspect)).toEqual(layout);
  });
});
