import { describe, expect, it } from 'vitest';
import type { EngineKind } from '../../core/engines/engine.ts';
import type { EngineSpeed } from '../../electron/contract/calls.ts';
import { chosenSpeed, fastest, hasThreads } from './speeds.ts';

function speed(kind: EngineKind, threads: number, samplesPerSecond: number | undefined): EngineSpeed {
  const choice = { kind, threads };
  if (samplesPerSecond === undefined) return { choice, problem: { code: 'engine.slow', message: 'Too slow.' } };
  return { choice, speed: { samplesPerSecond, stepMs: 1, loadMs: 1, steps: 10, batchSize: 1 } };
}

const speeds = [speed('native', 1, 90), speed('native', 2, 150), speed('webgpu', 1, 40), speed('reference', 1, undefined)];

describe('measured speeds', () => {
  it('have a fastest, where any could be measured', () => {
    expect(fastest(speeds)).toBe(speeds[1]);
    expect(fastest([speeds[3]!])).toBeUndefined();
  });

  it('belong to a choice: the fastest to "auto", threads only where an engine has them', () => {
    expect(chosenSpeed(speeds, { kind: 'auto', threads: 1 })).toBe(speeds[1]);
    expect(chosenSpeed(speeds, { kind: 'native', threads: 1 })).toBe(speeds[0]);
    expect(chosenSpeed(speeds, { kind: 'webgpu', threads: 4 })).toBe(speeds[2]);
    expect(chosenSpeed(speeds, { kind: 'wasm', threads: 1 })).toBeUndefined();
    expect(['auto', 'wasm', 'native', 'webgpu', 'reference'].filter((kind) => hasThreads(kind as EngineKind))).toEqual([
      'auto',
      'wasm',
      'native',
    ]);
  });
});
