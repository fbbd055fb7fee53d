import { describe, expect, it } from 'vitest';
import type { DataRole } from '../../core/data/dataSet.ts';
import { batchDim, dim } from '../../core/graph/shape.ts';
import { roleOptions, sampleShape, writeDefault, writeSizes } from './params.ts';

const spec = { kind: 'role', roleKind: 'input', label: 'Bound to', doc: '', default: '' } as const;
const roles: DataRole[] = [
  { name: 'features', kind: 'input', shape: [batchDim, dim('F', 7)], description: '7 columns' },
  { name: 'species', kind: 'target', shape: [batchDim, dim('F', 3)], description: '3 classes' },
];
const labels = (bound: string, offered: DataRole[] | null) => roleOptions(spec, bound, offered).map((option) => option.label);

describe('roleOptions', () => {
  it('offers the roles of the wanted kind', () => expect(labels('features', roles)).toEqual(['features']));
  it('keeps what is bound although the data set does not have it', () =>
    expect(labels('image', roles)).toEqual(['image (not in the data set)', 'features']));
  it('keeps what is bound while no data set is chosen', () => expect(labels('image', null)).toEqual(['image']));
  it('asks to choose where nothing is bound', () =>
    expect(roleOptions(spec, '', roles)[0]).toEqual({ value: '', label: 'Choose …', disabled: true }));
});

describe('writeDefault', () => {
  it('names the default as it is shown', () => {
    expect(writeDefault({ kind: 'number', label: '', doc: '', default: 0.5, min: 0, max: 1 })).toBe('0.5');
    expect(writeDefault({ kind: 'integer', label: '', doc: '', default: 1, min: 0, max: 9, unit: 'px' })).toBe('1 px');
    expect(writeDefault({ kind: 'boolean', label: '', doc: '', default: true })).toBe('yes');
    expect(writeDefault({ kind: 'choice', label: '', doc: '', default: 'a', options: [{ value: 'a', label: 'First' }] })).toBe('First');
    const sizes = { kind: 'sizes', label: '', doc: '', default: 0, axes: ['height', 'width'], min: 0, max: 9 } as const;
    expect(writeDefault(sizes)).toBe('0');
    expect(writeSizes({ ...sizes, words: [{ value: 'same', label: 'Same' }] }, 'same')).toBe('Same');
    expect(writeSizes(sizes, [3, 5])).toBe('3 × 5');
  });
});

it('writes one sample without the batch', () =>
  expect(sampleShape([batchDim, dim('C', 6), dim('H', 28), dim('W', 28)])).toBe('6 × 28 × 28'));
