import { describe, expect, it } from 'vitest';
import type { NodeAnswers } from '../../../electron/contract/calls.ts';
import { neighboursOf, nodesShown, probabilitiesOf } from './nodeRows.ts';

const answers: NodeAnswers = {
  classNames: ['a', 'b'],
  probabilities: Float32Array.of(0.75, 0.25, 0.5, 0.5, 0.25, 0.75),
  predicted: Int32Array.of(0, 0, 1),
  truth: Int32Array.of(0, 1, -1),
  part: Uint8Array.of(0, 2, 3),
  edges: Int32Array.of(0, 1, 2, 0, 1, 1, 1, 0),
};

describe('nodes', () => {
  it('wrong ones are those with another true class; without one nobody knows', () => {
    expect(nodesShown(answers, { onlyWrong: false })).toEqual([0, 1, 2]);
    expect(nodesShown(answers, { onlyWrong: true })).toEqual([1]);
    expect(nodesShown(answers, { onlyWrong: false, part: 2 })).toEqual([1]);
    expect(nodesShown(answers, { onlyWrong: true, part: 0 })).toEqual([]);
  });

  it('have their probabilities and, each once, their neighbours', () => {
    expect(probabilitiesOf(answers, 2)).toEqual([0.25, 0.75]);
    expect(neighboursOf(answers, 0)).toEqual([1, 2]);
    expect(neighboursOf(answers, 1)).toEqual([0]);
  });
});
