import { describe, expect, it } from 'vitest';
import type { UseDescription } from '../../electron/contract/calls.ts';
import { modesOf } from './modes.ts';

const bare = { run: 1, step: 10, examples: [], examplesPart: 'test' } as unknown as UseDescription;
const predict = { answer: 'classes', fields: [], typed: true } as const;
const field = { name: 'a', type: 'number', usual: 1, gaps: false } as const;

describe('what can be tried with a run', () => {
  it.each([
    [{ predict: { ...predict, image: [1, 8, 8] } }, ['image']],
    [{ predict: { ...predict, fields: [field] } }, ['form']],
    [{ predict: { ...predict, typed: false } }, ['rows']],
    [{ generate: { window: 8, alphabet: ['a'], prompt: 'a' }, predict: { ...predict, typed: false } }, ['text']],
    [{ nodes: { count: 3, classNames: [] }, predict: { ...predict, typed: false } }, ['nodes']],
    [{ sample: { samplers: [] }, predict: { ...predict, answer: 'values', image: [1, 8, 8] } }, ['sample', 'image']],
    [{}, []],
  ] as const)('%o', (part, modes) => {
    expect(modesOf({ ...bare, ...(part as Partial<UseDescription>) })).toEqual(modes);
  });
});
