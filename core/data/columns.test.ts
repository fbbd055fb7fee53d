import { describe, expect, it } from 'vitest';
import { isDate, isMissing, parseNumber, unitOf } from './cells.ts';
import { asCategories, canBeTarget, reasonToLeaveOut, suggestTarget, targetType, textColumnType } from './columns.ts';
import type { ColumnInfo } from './dataSet.ts';

describe('cells', () => {
  it.each(['', 'NA', 'na', 'NaN', 'null', 'NULL', '?', 'N/A'])('takes %j for a gap', (cell) => expect(isMissing(cell)).toBe(true));
  it.each(['0', 'nan1', 'none', 'NAME', '-', 'N'])('takes %j for a value', (cell) => expect(isMissing(cell)).toBe(false));

  it.each([
    ['12', false, 12],
    ['-1.5', false, -1.5],
    ['+3', false, 3],
    ['.5', false, 0.5],
    ['5.', false, 5],
    ['1e-3', false, 0.001],
    ['0', false, 0],
    ['0.5', false, 0.5],
    ['-0', false, -0],
    ['1,5', true, 1.5],
    ['1.234,5', true, 1234.5],
    ['1.234', true, 1234],
    [',5', true, 0.5],
    ['-2', true, -2],
    ['12.345.678', true, 12345678],
  ] as const)('reads %j (decimal comma: %j) as %d', (cell, comma, value) => expect(parseNumber(cell, comma)).toBe(value));

  it.each([
    ['', false],
    ['abc', false],
    ['1,5', false],
    ['1 2', false],
    ['0x10', false],
    ['007', false],
    ['-01', false],
    ['Infinity', false],
    ['1e999', false],
    ['.', false],
    ['1_000', false],
    ['1.2.3', false],
    ['1,2,3', true],
    ['1.23,4', true],
    [',', true],
    ['', true],
  ] as const)('does not read %j (decimal comma: %j) as a number', (cell, comma) => expect(parseNumber(cell, comma)).toBeNaN());

  it.each(['2020-01-31', '2020-01-31T10:00:00Z', '2020-01-31 10:00', '31.12.2020', '12/31/20', '1/2/2020 4:05 PM', '2020/1/2'])(
    'knows the date %j',
    (cell) => expect(isDate(cell)).toBe(true),
  );
  it.each(['2020', '1.5', '12:30', 'May 2020', '1-2'])('takes %j for no date', (cell) => expect(isDate(cell)).toBe(false));

  it.each([
    ['Body Mass (g)', 'g'],
    ['mass [kg]', 'kg'],
    ['speed (km/h) ', 'km/h'],
    ['mass', undefined],
    ['(g)', undefined],
    ['price ()', undefined],
    ['a (b) c', undefined],
    ['share (%)', '%'],
  ] as const)('finds the unit of %j: %j', (name, unit) => expect(unitOf(name)).toBe(unit));
});

const numbers = (change: Partial<ColumnInfo>): ColumnInfo => ({
  name: 'x',
  type: 'number',
  missing: 0,
  range: { min: 0, max: 9.5 },
  integers: false,
  increasing: false,
  distinct: 80,
  ...change,
});

describe('column types', () => {
  it.each([
    [3, 100, false, 'category'],
    [500, 10_000, false, 'category'],
    [501, 10_000, false, 'text'],
    [90, 100, false, 'text'],
    [12, 1000, true, 'text'],
    [3, 3, false, 'category'],
    [1, 1, false, 'category'],
    [0, 0, false, 'category'],
  ] as const)('%d different texts in %d rows (dates: %j) make a %s', (distinct, present, dates, type) =>
    expect(textColumnType(distinct, present, dates)).toBe(type),
  );

  it('takes few whole numbers from 0 or 1 on for classes, and quantities for numbers', () => {
    const range = (min: number, max: number) => ({ min, max });
    expect(targetType(numbers({ integers: true, distinct: 2, range: range(0, 1) }), 100)).toBe('category');
    expect(targetType(numbers({ integers: true, distinct: 2, range: range(2, 4) }), 100)).toBe('category');
    expect(targetType(numbers({ integers: true, distinct: 10, range: range(0, 9) }), 1797)).toBe('category');
    expect(targetType(numbers({ integers: true, distinct: 3, range: range(1, 3) }), 178)).toBe('category');
    expect(targetType(numbers({ integers: true, distinct: 3, range: range(1, 3) }), 5)).toBe('number');
    expect(targetType(numbers({ integers: true, distinct: 200, range: range(0, 400) }), 442)).toBe('number');
    expect(targetType(numbers({ integers: true, distinct: 12, range: range(20, 90) }), 400)).toBe('number');
    expect(targetType(numbers({ integers: false, distinct: 3, range: range(0, 2) }), 400)).toBe('number');
    expect(targetType({ name: 'c', type: 'category', missing: 0, categories: ['a', 'b'] }, 10)).toBe('category');
  });

  it('turns numbers into categories in ascending order and keeps the gaps', () => {
    const column = asCategories({ info: numbers({ unit: 'g', missing: 1 }), type: 'number', values: Float64Array.of(10, 2, NaN, 2, 1) });
    expect(column.info).toEqual({ name: 'x', type: 'category', missing: 1, distinct: 3, categories: ['1', '2', '10'] });
    expect([...column.values]).toEqual([2, 1, -1, 1, 0]);
  });
});

describe('suggestions', () => {
  it('leaves out row numbers, identifiers, text and empty columns', () => {
    const rowNumber = numbers({ name: 'n', integers: true, increasing: true, distinct: 100, range: { min: 1, max: 100 } });
    expect(reasonToLeaveOut(rowNumber, 100)).toBe('numbers every row');
    expect(reasonToLeaveOut(numbers({ name: 'customer_id', integers: true, distinct: 100, range: { min: 7, max: 9000 } }), 100)).toBe(
      'identifies every row',
    );
    expect(reasonToLeaveOut(numbers({ name: 'height', integers: true, distinct: 100, range: { min: 7, max: 9000 } }), 100)).toBeUndefined();
    expect(reasonToLeaveOut({ name: 'note', type: 'text', missing: 0 }, 100)).toBe('text');
    expect(reasonToLeaveOut({ name: 'e', type: 'number', missing: 100 }, 100)).toBe('no values');
    expect(reasonToLeaveOut({ ...rowNumber, range: { min: 1, max: 3 }, distinct: 3 }, 3)).toBeUndefined();
    const long = numbers({ name: 'n', integers: true, increasing: true, range: { min: 0, max: 4999 } });
    const { distinct: _, ...uncounted } = long;
    expect(reasonToLeaveOut(uncounted, 5000)).toBe('numbers every row');
  });

  it('suggests a target by name, else the last column that varies', () => {
    const a = numbers({ name: 'a' });
    const b = numbers({ name: 'b' });
    const constant = numbers({ name: 'c', range: { min: 1, max: 1 }, distinct: 1 });
    const label: ColumnInfo = { name: 'Species', type: 'category', missing: 0, categories: ['x', 'y'] };
    expect(suggestTarget([label, a, b], 100)).toBe('Species');
    expect(suggestTarget([a, b, constant], 100)).toBe('b');
    expect(suggestTarget([constant], 100)).toBe('c');
    expect(suggestTarget([], 0)).toBe('');
    expect(canBeTarget({ name: 'k', type: 'category', missing: 0, categories: ['x'] })).toBe(false);
  });
});
