import { describe, expect, it } from 'vitest';
import { matchScore, search } from './paletteSearch.ts';

const items = [
  { label: 'Dense', keywords: ['linear', 'fully connected'] },
  { label: 'Dropout' },
  { label: 'Hard sigmoid' },
  { label: 'Sigmoid' },
  { label: 'Batch norm' },
  { label: 'Log-softmax' },
  { label: 'Softmax' },
  { label: 'Go to Data' },
];
const find = (query: string) => search(query, items).map((item) => item.label);

describe('palette search', () => {
  it('offers everything, in order, while nothing is typed', () => expect(find('')).toEqual(items.map((item) => item.label)));
  it('puts an exact name before a longer one', () => expect(find('sigmoid')).toEqual(['Sigmoid', 'Hard sigmoid']));
  it('finds the start of a name', () => expect(find('de')[0]).toBe('Dense'));
  it('finds keywords', () => expect(find('linear')).toEqual(['Dense']));
  it('finds a word after a hyphen', () => expect(find('softmax')).toEqual(['Softmax', 'Log-softmax']));
  it('finds initials', () => expect(find('bn')).toEqual(['Batch norm']));
  it('finds several words in any order', () => expect(find('data go')).toEqual(['Go to Data']));
  it('finds nothing for what is not there', () => expect(find('convolution')).toEqual([]));
  it('ignores case and blanks around', () => expect(find('  DENSE ')).toEqual(['Dense']));
  it('ranks the name above a keyword', () => {
    expect(matchScore('linear', { label: 'Linear' })!).toBeGreaterThan(matchScore('linear', { label: 'Dense', keywords: ['linear'] })!);
  });
});
