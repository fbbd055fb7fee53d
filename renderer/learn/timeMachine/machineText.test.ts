import { expect, it } from 'vitest';
import { machineText } from './machineText.ts';

it.each([
  ['candidate', 'candidate g'],
  ['newState', 'candidate n'],
  ['weightIh2Reverse', 'weights W_ih'],
  ['hiddenWeight', 'weights W_hidden'],
  ['outBias', 'bias b_out'],
  ['feedForward.upWeight', 'feedForward: weights W_up'],
  ['unheardOf', 'unheardOf'],
])('the value %s is called %s', (name, words) => {
  expect(machineText.nameOf(name)).toBe(words);
});

it('counts what a number was computed from', () => {
  expect([machineText.sumOf('1'), machineText.sumOf('3')]).toEqual(['one product', 'sum of 3 products']);
  expect([machineText.functionOf('1'), machineText.functionOf('3')]).toEqual(['a function of one number', 'a function of 3 numbers']);
});
