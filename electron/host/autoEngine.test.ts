import { beforeEach, describe, expect, it } from 'vitest';
import { emptyDocument } from '../../core/graph/parseDocument.ts';
import type { EngineKind } from '../../core/engines/engine.ts';
import type { RunConfig } from '../../core/train/runConfig.ts';
import type { EngineSpeed, Trainable } from '../contract/calls.ts';
import { createAutoEngine, isWorthMeasuring, type AutoEngine } from './autoEngine.ts';

const config = { data: { id: 'penguins' }, batchSize: 32, epochs: 3, seed: 1, engine: { kind: 'auto', threads: 1 } } as RunConfig;
const trained: Trainable = { document: emptyDocument('net'), config };
const all: readonly EngineKind[] = ['native', 'wasm', 'webgpu', 'reference'];

function speed(kind: EngineKind, threads: number, samplesPerSecond: number): EngineSpeed {
  return { choice: { kind, threads }, speed: { samplesPerSecond, stepMs: 1, loadMs: 1 } as EngineSpeed['speed'] & object };
}

let auto: AutoEngine;
beforeEach(() => {
  auto = createAutoEngine();
});

describe('the engine that auto stands for', () => {
  it('is the fastest measured one, with its threads', () => {
    auto.remember(trained, [speed('native', 1, 100), speed('native', 2, 180), speed('webgpu', 1, 170)]);
    expect(auto.fastest(trained, all)).toEqual({ kind: 'native', threads: 2 });
  });

  it('is another one when the fastest is gone', () => {
    auto.remember(trained, [speed('native', 1, 100), speed('webgpu', 1, 1000)]);
    expect(auto.fastest(trained, all)).toEqual({ kind: 'webgpu', threads: 1 });
    expect(auto.fastest(trained, ['native', 'wasm', 'reference'])).toEqual({ kind: 'native', threads: 1 });
  });

  it('passes over engines that could not be measured', () => {
    auto.remember(trained, [{ choice: { kind: 'webgpu', threads: 1 }, problem: { code: 'engine.slow', message: 'Too slow.' } }]);
    expect(auto.fastest(trained, all)).toBeUndefined();
  });

  it('belongs to a network and what decides its speed, not to seed, epochs or the engine chosen', () => {
    auto.remember(trained, [speed('wasm', 1, 5)]);
    const same = { ...config, seed: 9, epochs: 20, engine: { kind: 'native', threads: 2 } } as RunConfig;
    expect(auto.fastest({ ...trained, config: same }, all)).toEqual({ kind: 'wasm', threads: 1 });
    expect(auto.fastest({ ...trained, config: { ...config, batchSize: 64 } }, all)).toBeUndefined();
  });

  it('is measured only where a step is long enough for a graphics card', () => {
    expect(isWorthMeasuring(2 * 109_184, 32)).toBe(false);
    expect(isWorthMeasuring(25e6, 64)).toBe(true);
  });
});
