import { describe, expect, it } from 'vitest';
import type { UseField } from '../../../electron/contract/calls.ts';
import { isOutside, itemOf, setField, startForm } from './formValues.ts';

const fields: UseField[] = [
  { name: 'mass', type: 'number', usual: 4000, range: { min: 2700, max: 6300 }, gaps: true },
  { name: 'island', type: 'category', usual: 'Biscoe', categories: ['Biscoe', 'Dream'], gaps: false },
];
const row = { row: 7, values: { mass: null, island: 'Dream', other: 3 }, truth: 'Gentoo' };

describe('a row being typed', () => {
  it('begins with what is usual', () => {
    const form = startForm(fields);
    expect(form.values).toEqual({ mass: 4000, island: 'Biscoe' });
    expect(itemOf(form)).toEqual({ values: { mass: 4000, island: 'Biscoe' } });
  });

  it('an untouched row of the data goes in as it is, a changed one as what is typed, gaps kept', () => {
    const form = startForm(fields, row);
    expect(itemOf(form)).toEqual({ row: 7 });
    expect(setField(form, 'island', 'Dream')).toBe(form);
    expect(itemOf(setField(form, 'island', 'Biscoe'))).toEqual({ values: { mass: null, island: 'Biscoe' } });
  });

  it('says what lies outside of the data', () => {
    expect(isOutside(fields[0]!, 9000)).toBe(true);
    expect(isOutside(fields[0]!, 2700)).toBe(false);
    expect(isOutside(fields[0]!, null)).toBe(false);
    expect(isOutside(fields[1]!, 'Dream')).toBe(false);
  });
});
