import { describe, expect, it } from 'vitest';
import { editDistance, nearest, suggestion } from './nearest.ts';

describe('nearest', () => {
  it.each([
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['runs', 'rusn', 1],
    ['same', 'same', 0],
  ])('distance of %j and %j', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
    expect(editDistance(b, a)).toBe(distance);
  });

  it('finds a slip and gives up on something else', () => {
    const known = ['train', 'shapes', 'runs', 'data'];
    expect(nearest('trian', known)).toBe('train');
    expect(nearest('shape', known)).toBe('shapes');
    expect(nearest('explode', known)).toBeUndefined();
    expect(suggestion('explode', known)).toBe('Known: "train", "shapes", "runs", "data".');
  });

  it('takes a beginning for the whole', () => {
    expect(nearest('learn', ['epochs', 'learning-rate'])).toBe('learning-rate');
  });
});
