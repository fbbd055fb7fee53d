import { describe, expect, it } from 'vitest';
import type { ColumnInfo } from '../../core/data/dataSet.ts';
import { gapFillsFor, targetChoices, unusedColumns, withShare } from './preparation.ts';

const split = { train: 0.7, validation: 0.15, test: 0.15, seed: 1, stratify: true };

describe('split and preparation', () => {
  it('gives training what the other parts leave', () => {
    expect(withShare(split, 'validation', 0.3)).toEqual({ ...split, train: 0.55, validation: 0.3 });
    expect(withShare(split, 'test', 0)).toEqual({ ...split, train: 0.85, test: 0 });
  });

  it('refuses shares that leave nothing to train on', () => {
    expect(withShare(split, 'test', 0.85)).toBeUndefined();
    expect(withShare(split, 'test', -0.1)).toBeUndefined();
    expect(withShare(split, 'test', NaN)).toBeUndefined();
  });

  it('knows which columns can be predicted, filled and left out', () => {
    const number: ColumnInfo = { name: 'mass', type: 'number', missing: 2 };
    const category: ColumnInfo = { name: 'island', type: 'category', missing: 0, categories: ['a', 'b'] };
    const constant: ColumnInfo = { name: 'same', type: 'category', missing: 0, categories: ['a'] };
    const text: ColumnInfo = { name: 'note', type: 'text', missing: 0 };
    expect(targetChoices([number, category, constant, text]).map((c) => c.name)).toEqual(['mass', 'island']);
    expect(gapFillsFor(category)).toContain('ownCategory');
    expect(gapFillsFor(number)).not.toContain('ownCategory');
    const unused = unusedColumns(
      [number, category, text],
      (column) => ({ use: column.name !== 'island', gaps: 'mean', scaling: 'none' }),
      'mass',
    );
    expect([...unused]).toEqual(['island', 'note']);
  });
});
