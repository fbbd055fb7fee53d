import { describe, expect, it } from 'vitest';
import {
  cellSize,
  classNames,
  classRows,
  commonestMistake,
  countText,
  heatOf,
  moveCell,
  nextClassSort,
  shareText,
  sortClasses,
  weakestClass,
} from './confusionView.ts';

const names = ['shirt', 'coat', 'bag', 'hat'];
/** Bags are never predicted, hats neither occur nor are predicted. */
const matrix = [
  [6, 2, 0, 0],
  [1, 9, 0, 0],
  [3, 1, 0, 0],
  [0, 0, 0, 0],
];

describe('cells', () => {
  it('are 0 and 100 % only where they are exactly that', () => {
    expect([0, 0.004, 0.1, 0.126, 0.997, 1].map(shareText)).toEqual(['', '<1', '10', '13', '99', '100']);
  });

  it('keep counts short', () => {
    expect([0, 7, 999, 1234, 9949, 9951, 45_300].map(countText)).toEqual(['', '7', '999', '1.2k', '9.9k', '10k', '45k']);
  });

  it('name the mistake that hits the largest share of a class', () => {
    expect(commonestMistake(matrix)).toEqual({ row: 2, column: 0 });
    expect(
      commonestMistake([
        [3, 0],
        [0, 2],
      ]),
    ).toBeUndefined();
  });

  it('are reached by arrows, Home and End, and nowhere else', () => {
    const at = { row: 0, column: 2 };
    expect(moveCell(at, 'ArrowUp', false, 4)).toEqual({ row: 0, column: 2 });
    expect(moveCell(at, 'ArrowRight', false, 4)).toEqual({ row: 0, column: 3 });
    expect(moveCell(at, 'Home', false, 4)).toEqual({ row: 0, column: 0 });
    expect(moveCell(at, 'End', true, 4)).toEqual({ row: 3, column: 3 });
    expect(moveCell(at, 'a', false, 4)).toBeUndefined();
    expect(moveCell(at, 'constructor', false, 4)).toBeUndefined();
  });

  it('stay large enough to be told apart', () => {
    expect(cellSize({ width: 300, height: 280 }, 3)).toBe(36);
    expect(cellSize({ width: 300, height: 280 }, 10)).toBe(28);
    expect(cellSize({ width: 600, height: 280 }, 20)).toBe(24);
    expect(cellSize({ width: 300, height: 280 }, 64)).toBe(14);
  });

  it('have a colour as soon as there is one row', () => {
    expect([0, 0.001, 0.05, 0.7, 0.71, 1].map(heatOf)).toEqual([undefined, 'h1', 'h1', 'h14', 'h15', 'h20']);
  });
});

describe('scores by class', () => {
  const rows = classRows(matrix, names);

  it('leave out what cannot be divided', () => {
    expect(rows[0]).toEqual({ name: 'shirt', index: 0, precision: 0.6, recall: 0.75, f1: 12 / 18, support: 8 });
    expect(rows[2]).toEqual({ name: 'bag', index: 2, precision: undefined, recall: 0, f1: 0, support: 4 });
    expect(rows[3]).toEqual({ name: 'hat', index: 3, precision: undefined, recall: undefined, f1: undefined, support: 0 });
  });

  it('have a weakest class unless all are perfect', () => {
    expect(weakestClass(rows)?.name).toBe('bag');
    expect(
      weakestClass(
        classRows(
          [
            [3, 0],
            [0, 2],
          ] as const,
          ['a', 'b'],
        ),
      ),
    ).toBeUndefined();
    expect(
      weakestClass(
        classRows(
          [
            [3, 1],
            [0, 0],
          ] as const,
          ['a', 'b'],
        ),
      ),
    ).toBeUndefined();
  });

  it('are sorted, classes without a value last in either direction', () => {
    const order = (descending: boolean) => sortClasses(rows, { column: 'f1', descending }).map(({ name }) => name);
    expect(order(false)).toEqual(['bag', 'shirt', 'coat', 'hat']);
    expect(order(true)).toEqual(['coat', 'shirt', 'bag', 'hat']);
    expect(nextClassSort({ column: 'f1', descending: false }, 'f1')).toEqual({ column: 'f1', descending: true });
    expect(nextClassSort({ column: 'f1', descending: false }, 'support')).toEqual({ column: 'support', descending: true });
    expect(nextClassSort({ column: 'f1', descending: false }, 'recall')).toEqual({ column: 'recall', descending: false });
  });

  it('are numbered where the data set has other classes by now', () => {
    const info = { columns: [{ name: 'kind', type: 'category' as const, missing: 0, categories: ['a', 'b'] }] };
    expect(classNames(info, 'kind', 2)).toEqual(['a', 'b']);
    expect(classNames(info, 'kind', 3)).toEqual(['0', '1', '2']);
    expect(classNames(undefined, 'kind', 1)).toEqual(['0']);
  });
});
