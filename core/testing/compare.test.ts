import { expect, it } from 'vitest';
import { expectClose } from './compare.ts';
import { exact } from './tolerances.ts';

it('names the worst index, both values and the largest error', () => {
  const compare = () =>
    expectClose([1, 2, 3.5, 4.25, 5, 6], [1, 2, 3, 4, 5, 6], { absolute: 0.1, relative: 0 }, { what: 'sum', shape: [2, 3] });
  expect(compare).toThrow('sum: 2 of 6 elements differ; worst at index [0, 2]: got 3.5, expected 3, max error 0.500, allowed 0.1');
});

it('takes NaN for NaN and infinity for infinity, and nothing else for them', () => {
  expectClose([NaN, Infinity, -Infinity, 0], [NaN, Infinity, -Infinity, -0], exact, { what: 'x' });
  const wide = { absolute: 1e9, relative: 1 };
  expect(() => expectClose([NaN], [1], wide, { what: 'x' })).toThrow('got NaN, expected 1');
  expect(() => expectClose([1], [NaN], wide, { what: 'x' })).toThrow('got 1, expected NaN');
  expect(() => expectClose([-Infinity], [Infinity], wide, { what: 'x' })).toThrow('got -Infinity');
  expect(() => expectClose([1], [Infinity], wide, { what: 'x' })).toThrow('got 1, expected Infinity');
});

it('compares lengths first', () => {
  expect(() => expectClose([1], [1, 2], exact, { what: 'x' })).toThrow('x: got 1 elements, expected 2');
});
