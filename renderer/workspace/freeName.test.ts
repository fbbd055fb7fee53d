import { expect, it } from 'vitest';
import { freeName } from './freeName.ts';

it.each([
  ['net', [], 'net'],
  ['net', ['net'], 'net 2'],
  ['net', ['net', 'net 2'], 'net 3'],
  ['net 2', ['net 2'], 'net 3'],
  ['net 7', ['net 7', 'net 2'], 'net 3'],
  ['LeNet-5', ['LeNet-5'], 'LeNet-5 2'],
])('%s beside %j is called %s', (wanted, taken, name) => {
  expect(freeName(wanted, taken)).toBe(name);
});
