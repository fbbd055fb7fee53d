/**
 * What "auto" stands for: the engine that was measured fastest for a network on this machine; before any measurement the
 * fastest compiled one.
 */
import type { EngineKind } from '../../core/engines/engine.ts';
import type { RunConfig } from '../../core/train/runConfig.ts';
import type { EngineSpeed, Trainable } from '../contract/calls.ts';
import { hashDocument } from './documentHash.ts';

type EngineChoice = RunConfig['engine'];

/**
 * From so many FLOPs per step on, a graphics card may be faster than the processor: it takes some milliseconds per step to
 * be told what to do, in which a processor core computes about this much.
 */
const worthMeasuringFlops = 1e8;
const remembered = 100;

export interface AutoEngine {
  remember(trained: Trainable, speeds: readonly EngineSpeed[]): void;
  /** The fastest that was measured for this network, if it is still there. */
  fastest(trained: Trainable, available: readonly EngineKind[]): EngineChoice | undefined;
}

export function createAutoEngine(): AutoEngine {
  const measured = new Map<string, readonly EngineSpeed[]>();
  return {
    remember(trained, speeds) {
      const key = keyOf(trained);
      measured.delete(key);
      measured.set(key, speeds);
      if (measured.size > remembered) measured.delete(measured.keys().next().value!);
    },
    fastest(trained, available) {
      let best: EngineChoice | undefined;
      let most = 0;
      for (const { choice, speed } of measured.get(keyOf(trained)) ?? []) {
        if (speed === undefined || speed.samplesPerSecond <= most || !available.includes(choice.kind as EngineKind)) continue;
        most = speed.samplesPerSecond;
        best = choice;
      }
      return best;
    },
  };
}

/** Forward and backward pass of one step. */
export function isWorthMeasuring(flopsPerSample: number, batchSize: number): boolean {
  return 3 * flopsPerSample * batchSize >= worthMeasuringFlops;
}

/** Equal keys train equally fast. */
function keyOf({ document, config }: Trainable): string {
  const { engine: _engine, epochs: _epochs, seed: _seed, network: _network, data, ...rest } = config;
  return JSON.stringify([hashDocument(document), data.id, rest]);
}
