import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunConfig } from '../../core/train/runConfig.ts';
import { openStore } from './store.ts';
import type { Store } from './store.ts';

let folder: string;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'layerbench-metrics-'));
  store = openStore(folder);
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const config = { data: { id: 'd', hash: 'h' }, seed: 1, epochs: 2 } as RunConfig;

function newRun(): number {
  store.networks.add({ hash: 'n', name: 'mlp', document: '{}' });
  return store.runs.create({
    name: 'mlp',
    status: 'running',
    networkHash: 'n',
    networkName: 'mlp',
    dataName: 'D',
    config,
    startedAt: 1,
    owner: { pid: 1, started: 's' },
  });
}

const append = (run: number, from: number, to: number, valueAt: (step: number) => number): void =>
  store.transaction(() => {
    const records = Array.from({ length: to - from }, (_v, i) => ({ step: from + i, metrics: { 'train/loss': valueAt(from + i) } }));
    store.metrics.append(run, records);
  });

const wave = (step: number): number => Math.sin(step / 50) + (step === 4321 ? 100 : 0);

describe('metrics', () => {
  it('come back as they were, NaN and infinities included', () => {
    const run = newRun();
    const values = [1, NaN, Infinity, -Infinity, -0.5];
    append(run, 0, values.length, (step) => values[step] ?? 0);
    const [series] = store.metrics.read(run, undefined, 100);
    expect([...(series?.values ?? [])]).toEqual(values);
    expect(store.metrics.summaries().get(run)).toEqual({ 'train/loss': { last: -0.5, best: -Infinity, bestStep: 3 } });
  });

  it('end with the scores of the whole part in the summary, the points untouched', () => {
    const run = newRun();
    append(run, 0, 3, (step) => step);
    store.transaction(() => store.metrics.settle(run, { 'train/loss': 0.25, 'train/unknown': 1 }));
    expect(store.metrics.summaries().get(run)).toEqual({ 'train/loss': { last: 0.25, best: 0, bestStep: 0 } });
    expect([...(store.metrics.read(run, undefined, 10)[0]?.values ?? [])]).toEqual([0, 1, 2]);
  });

  it('give the same buckets in one go, in pieces, and after a restart in the middle', () => {
    const whole = newRun();
    append(whole, 0, 5000, wave);
    const pieces = newRun();
    for (let step = 0; step < 2500; step += 7) append(pieces, step, Math.min(step + 7, 2500), wave);
    store.close();
    store = openStore(folder);
    append(pieces, 2500, 5000, wave);
    for (const points of [10, 100, 301])
      expect(store.metrics.read(pieces, undefined, points)).toEqual(store.metrics.read(whole, undefined, points));
    const thin = store.metrics.read(pieces, ['train/loss'], 100)[0];
    expect(Math.max(...(thin?.values ?? []))).toBe(wave(4321));
  });

  it('that a failed transaction held are not half there', () => {
    const run = newRun();
    append(run, 0, 100, wave);
    expect(() =>
      store.transaction(() => {
        store.metrics.append(run, [{ step: 100, metrics: { 'train/loss': 7 } }]);
        throw new Error('disk full');
      }),
    ).toThrow('disk full');
    store.metrics.release(run);
    append(run, 100, 110, wave);
    const [series] = store.metrics.read(run, undefined, 1000);
    expect([...(series?.steps ?? [])]).toEqual(Array.from({ length: 110 }, (_v, i) => i));
    expect(series?.values[100]).toBe(wave(100));
  });

  it('after a checkpoint are forgotten before the run goes on', () => {
    const straight = newRun();
    append(straight, 1, 4000, wave);
    const resumed = newRun();
    append(resumed, 1, 3333, (step) => (step > 2000 ? 999 : wave(step)));
    store.metrics.truncateAfter(resumed, 2000);
    append(resumed, 2001, 4000, wave);
    expect(store.metrics.read(resumed, undefined, 60)).toEqual(store.metrics.read(straight, undefined, 60));
    expect(store.metrics.summaries().get(resumed)).toEqual(store.metrics.summaries().get(straight));
    store.metrics.truncateAfter(resumed, -1);
    expect(store.metrics.read(resumed, undefined, 60)).toEqual([]);
  });

  it('at a step that is already there are left out', () => {
    const run = newRun();
    append(run, 0, 10, () => 1);
    append(run, 5, 12, () => 2);
    expect([...(store.metrics.read(run, undefined, 100)[0]?.values ?? [])]).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2]);
  });
});

describe('runs', () => {
  it('are listed newest first, page by page, without what lies in the trash', () => {
    const ids = Array.from({ length: 5 }, newRun);
    store.runs.change(ids[2] ?? 0, { deletedAt: 1 });
    expect(store.runs.list({ deleted: false, limit: 3 }).map((run) => run.id)).toEqual([5, 4, 2]);
    expect(store.runs.list({ deleted: false, limit: 3, before: 2 }).map((run) => run.id)).toEqual([1]);
    expect(store.runs.list({ deleted: true, limit: 3 }).map((run) => run.id)).toEqual([3]);
  });

  it('keep what is changed and nothing else', () => {
    const id = newRun();
    const before = store.runs.get(id);
    store.runs.change(id, { note: 'Good', problem: { code: 'x', message: 'y' }, owner: null, scores: { test: { loss: 1 } } });
    expect(store.runs.get(id)).toEqual({
      ...before,
      note: 'Good',
      problem: { code: 'x', message: 'y' },
      owner: null,
      scores: { test: { loss: 1 } },
    });
    store.runs.change(id, { problem: null });
    expect(store.runs.get(id)?.problem).toBeNull();
  });

  it('keep only their newest checkpoint when told so', () => {
    const run = newRun();
    for (const step of [10, 20, 30])
      store.runs.addCheckpoint({ run, step, epoch: 1, elapsedMs: 5, learningRate: null, file: `c${step}`, sizeBytes: 3 });
    expect(store.runs.dropOldCheckpoints(run)).toEqual(['c10', 'c20']);
    expect(store.runs.latestCheckpoint(run)).toMatchObject({ step: 30, file: 'c30' });
    expect(store.runs.dropOldCheckpoints(run)).toEqual([]);
  });
});
