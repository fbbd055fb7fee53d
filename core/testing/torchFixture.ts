/** Stored answers of PyTorch and the formula both sides draw their numbers from (see scripts/fixtures). */
import { readFileSync } from 'node:fs';
import type { ParamValues } from '../graph/document.ts';

/** `count` numbers in ±1.7, different for every phase; scripts/fixtures/common.py has the same. */
export function wave(count: number, phase: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => 1.7 * Math.sin(1.3 * i + 2.1 * phase + 0.4));
}

/** The generator of scripts/fixtures/common.py: whole numbers below 2³². */
export function generator(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0);
}

export interface LayerFixture {
  readonly type: string;
  readonly params: ParamValues;
  readonly inputs: readonly (readonly number[])[];
  /** The only input's values where they are not a wave, or those of each input by its number. */
  readonly values?: readonly number[] | Readonly<Record<string, readonly number[]>>;
  /** Names of the dimensions of each input behind the batch, where the number of them does not tell: `NF`. */
  readonly dims?: readonly string[];
  /** By number of the input, where it is whole numbers. */
  readonly tokens?: Readonly<Record<string, readonly number[]>>;
  /** Of the weights, default 1. */
  readonly scale?: number;
  readonly shape: readonly number[];
  readonly output: readonly number[];
  /** Of Σ output · wave(phase 99), by `x0`, `x1`, ... and weight name. */
  readonly gradients: Readonly<Record<string, readonly number[]>>;
  /** Default `evaluate`. */
  readonly mode?: 'train' | 'evaluate';
  /** By name, after one step in mode `train`. */
  readonly statistics?: Readonly<Record<string, readonly number[]>>;
}

/** Fixtures of `core/layers/fixtures` by name. */
export const layerFixtures: Readonly<Record<string, LayerFixture>> = {
  ...readFixture<{ cases: Record<string, LayerFixture> }>('../layers/fixtures/torch.json').cases,
  ...readFixture<{ cases: Record<string, LayerFixture> }>('../layers/fixtures/sequenceTorch.json').cases,
  ...readFixture<{ cases: Record<string, LayerFixture> }>('../layers/fixtures/graphTorch.json').cases,
};

export function readFixture<T>(path: string): T {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as T;
}
