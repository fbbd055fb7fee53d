import { expect, it } from 'vitest';
import { taskCase } from '../testing/taskCases.ts';
import { prepareData } from './prepareData.ts';
import { decodeText, encodeText, endToken, paddingToken, startToken } from './sequenceToSequence.ts';

const column = { name: 'read', type: 'text', missing: 0, alphabet: 'abc', longest: 4 } as const;

it('writes texts as tokens and back', () => {
  const codes = encodeText('cab', column, 6);
  expect([...codes]).toEqual([5, 3, 4, endToken, paddingToken, paddingToken]);
  expect(decodeText(codes, column)).toBe('cab');
  // Characters the network never met are left out, and what is too long ends early.
  expect(decodeText(encodeText('cxb', column, 6), column)).toBe('cb');
  expect(decodeText(encodeText('aaaaaaaa', column, 5), column)).toBe('aaaa');
});

it('shows the decoder what was written one step before', () => {
  const { dataSet, config } = taskCase('sequenceToSequence');
  const { inputs, target } = prepareData(dataSet, config);
  const [, written] = inputs;
  const steps = target.rowShape[0]!;
  for (const row of [0, 5, 59]) {
    const tokens = (values: ArrayLike<number>) => Array.from({ length: steps }, (_, t) => values[row * steps + t]);
    expect(tokens(written!.values)).toEqual([startToken, ...tokens(target.values).slice(0, -1)]);
  }
});

it('names the text columns where one is missing', () => {
  const { dataSet, config } = taskCase('sequenceToSequence');
  const task = { type: 'sequenceToSequence', source: 'nothing' } as const;
  expect(() => prepareData(dataSet, { ...config, task })).toThrow(
    'task.source: expected a text column to read beside "written", got "nothing". Text columns: read.',
  );
});
