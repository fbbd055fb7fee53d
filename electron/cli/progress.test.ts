import { describe, expect, it } from 'vitest';
import type { TrainingRecord } from '../../core/train/records.ts';
import { createProgress } from './progress.ts';

function record(step: number, epoch: number, metrics: Record<string, number>): TrainingRecord {
  return { type: 'record', step, epoch, elapsedMs: step * 100, metrics };
}

function capture(isTerminal: boolean) {
  const lines: string[] = [];
  const statuses: string[] = [];
  const terminal = {
    isTerminal,
    out: () => undefined,
    err: (line: string) => void lines.push(line),
    status: (line: string) => void statuses.push(line),
    interrupted: new AbortController().signal,
  };
  return { lines, statuses, terminal };
}

const twoEpochs = [
  record(1, 0.5, { 'train/loss': 3, 'train/learningRate': 0.1 }),
  record(2, 1, { 'train/loss': 1 }),
  record(2, 1, { 'validation/loss': 1.5 }),
  record(3, 1.5, { 'train/loss': 0.5 }),
  record(4, 2, { 'train/loss': 0.25 }),
  record(4, 2, { 'validation/loss': 0.75 }),
];

describe('progress', () => {
  it("writes one line per epoch where nobody watches, with the epoch's mean", () => {
    const { lines, terminal } = capture(false);
    const progress = createProgress(2, terminal);
    progress.records(twoEpochs.slice(0, 2));
    progress.records(twoEpochs.slice(2));
    progress.end();
    expect(lines).toEqual([
      'epoch 1/2  step 2  train/loss 2  validation/loss 1.5  0.2 s',
      'epoch 2/2  step 4  train/loss 0.375  validation/loss 0.75  0.4 s',
    ]);
  });

  it('writes it without a validation part too', () => {
    const { lines, terminal } = capture(false);
    const progress = createProgress(2, terminal);
    progress.records(twoEpochs.filter((r) => r.metrics['validation/loss'] === undefined));
    progress.end();
    expect(lines).toEqual(['epoch 1/2  step 2  train/loss 2  0.2 s', 'epoch 2/2  step 4  train/loss 0.375  0.4 s']);
  });

  it('updates one line on a terminal, with the time left', () => {
    const { lines, statuses, terminal } = capture(true);
    const progress = createProgress(2, terminal);
    for (const one of twoEpochs.slice(0, 4)) progress.records([one]);
    progress.end();
    expect(lines).toEqual([]);
    expect(statuses[0]).toBe('epoch 0.50/2  step 1  train/loss 3');
    expect(statuses[3]).toBe('epoch 1.50/2  step 3  train/loss 0.5  validation/loss 1.5  1 s left');
    expect(statuses.at(-1)).toBe('');
  });
});
