import { describe, expect, it } from 'vitest';
import { ProblemError } from '../problem.ts';
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts';
import type { Checkpoint } from './records.ts';

const checkpoint: Checkpoint = {
  step: 150,
  epoch: 3,
  elapsedMs: 1234.5,
  numerics: 'reference/1',
  learningRate: 0.001,
  slots: {
    'dense_1/weight': Float32Array.of(0.1, -2.5, Number.MIN_VALUE, -0, 3e38),
    'größe/weight': Float32Array.of(1),
    counts: Int32Array.of(-1, 7, 2 ** 31 - 1),
    empty: new Float32Array(0),
  },
};

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof ProblemError) return error.problem.code;
    throw error;
  }
  return 'none';
}

describe('checkpoint', () => {
  it('comes back bit for bit', () => {
    const back = decodeCheckpoint(encodeCheckpoint(checkpoint));
    expect(back).toEqual(checkpoint);
    expect(Object.is(back.slots['dense_1/weight']![3], -0)).toBe(true);
  });

  it('reads from an unaligned view of a larger buffer', () => {
    const bytes = encodeCheckpoint(checkpoint);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(decodeCheckpoint(shifted.subarray(3))).toEqual(checkpoint);
    expect(decodeCheckpoint(Buffer.from(bytes))).toEqual(checkpoint);
  });

  it('refuses every truncation', () => {
    const bytes = encodeCheckpoint(checkpoint);
    for (let length = 0; length < bytes.length; length++) {
      expect(
        codeOf(() => decodeCheckpoint(bytes.subarray(0, length))),
        `${length} bytes`,
      ).toMatch(/^checkpoint\.(foreign|truncated)$/);
    }
  });

  it('refuses a changed byte anywhere', () => {
    const bytes = encodeCheckpoint(checkpoint);
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice();
      changed[at]! ^= 0x10;
      expect(
        codeOf(() => decodeCheckpoint(changed)),
        `byte ${at}`,
      ).not.toBe('none');
    }
  });

  it.each([
    ['a foreign file', new Uint8Array(100).fill(65), 'checkpoint.foreign'],
    ['an empty file', new Uint8Array(0), 'checkpoint.foreign'],
  ])('names %s', (_name, bytes, code) => {
    expect(codeOf(() => decodeCheckpoint(bytes, 'x.checkpoint'))).toBe(code);
  });

  it('keeps what schedule and early stopping remember, and reads files that have neither', () => {
    const remembering: Checkpoint = {
      ...checkpoint,
      plateau: { best: null, badEpochs: 0, cooldown: 0, factor: 0.5 },
      epochLoss: { sum: 1.5, steps: 3 },
      stopping: { best: 0.1, bestStep: 7, badEpochs: 2 },
    };
    expect(decodeCheckpoint(encodeCheckpoint(remembering))).toEqual(remembering);
  });

  it('names a newer version', () => {
    const bytes = encodeCheckpoint(checkpoint);
    new DataView(bytes.buffer).setUint32(8, 3, true);
    expect(codeOf(() => decodeCheckpoint(bytes))).toBe('checkpoint.newer');
  });
});
