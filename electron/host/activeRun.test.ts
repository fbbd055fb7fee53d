import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Problem } from '../../core/problem.ts';
import type { TrainingCommand, TrainingRecord } from '../../core/train/records.ts';
import type { RunConfig } from '../../core/train/runConfig.ts';
import { openStore } from '../store/store.ts';
import type { Store } from '../store/store.ts';
import type { TrainerEvent, TrainerHandle } from '../trainer/trainerThread.ts';
import { createActiveRun } from './activeRun.ts';

let folder: string;
let store: Store;
let id: number;
beforeEach(() => {
  vi.useFakeTimers();
  folder = mkdtempSync(join(tmpdir(), 'layerbench-active-'));
  store = openStore(folder);
  store.networks.add({ hash: 'n', name: 'mlp', document: '{}' });
  const config = { data: { id: 'd', hash: 'h' }, seed: 1, epochs: 2 } as RunConfig;
  id = store.runs.create({
    name: 'mlp',
    status: 'running',
    networkHash: 'n',
    networkName: 'mlp',
    dataName: 'D',
    config,
    startedAt: 1,
    owner: { pid: 1, started: 's' },
  });
});
afterEach(() => {
  vi.useRealTimers();
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A trainer that says what the test tells it to. */
function fakeTrainer() {
  const commands: TrainingCommand['type'][] = [];
  let say: (events: readonly TrainerEvent[]) => void = () => undefined;
  const handle: TrainerHandle = {
    onEvents: (listener) => void (say = listener),
    command: (command) => void commands.push(command.type),
    terminate: vi.fn(() => Promise.resolve()),
    done: Promise.resolve(),
  };
  return { handle, commands, say: (...events: TrainerEvent[]) => say(events) };
}

const record = (step: number): TrainingRecord => ({
  type: 'record',
  step,
  epoch: step / 10,
  elapsedMs: step,
  metrics: { 'train/loss': 1 / step },
});
const checkpoint = (step: number): TrainerEvent => ({
  type: 'checkpoint',
  file: join(folder, `c${step}`),
  sizeBytes: 1,
  step,
  epoch: 1,
  elapsedMs: 5,
  learningRate: 0.1,
});

function follow(trainer: TrainerHandle) {
  const records: number[] = [];
  const rewinds: (number | undefined)[] = [];
  const notices: Problem[] = [];
  const onEnd = vi.fn();
  const run = createActiveRun({
    id,
    trainer,
    store,
    libraryFolder: folder,
    onRecords: (group, rewoundTo) => {
      records.push(...group.map((r) => r.step));
      rewinds.push(rewoundTo);
    },
    onStatus: () => undefined,
    onNotice: (problem) => notices.push(problem),
    onDefect: () => undefined,
    onEnd,
  });
  return { run, records, rewinds, notices, onEnd };
}

describe('a full disk', () => {
  it('pauses the training, loses nothing and goes on once there is room', () => {
    const trainer = fakeTrainer();
    const { records, notices } = follow(trainer.handle);
    trainer.say(record(1));
    const full = vi.spyOn(store, 'transaction').mockImplementation(() => {
      throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
    });
    trainer.say(record(2));
    trainer.say(record(3), { type: 'paused', step: 3 });
    vi.advanceTimersByTime(5000);
    expect(trainer.commands).toEqual(['pause']);
    expect(notices.map((problem) => problem.code)).toEqual(['library.full']);
    expect(records).toEqual([1]);

    full.mockRestore();
    vi.advanceTimersByTime(2500);
    trainer.say({ type: 'continued', step: 3 }, record(4));
    expect(trainer.commands).toEqual(['pause', 'continue']);
    expect(records).toEqual([1, 2, 3, 4]);
    expect([...(store.metrics.read(id, undefined, 10)[0]?.steps ?? [])]).toEqual([1, 2, 3, 4]);
    expect(store.runs.get(id)?.status).toBe('running');
  });
});

describe('a lost engine', () => {
  const rewound = (step: number): TrainerEvent => ({ type: 'rewound', step, epoch: step / 10, elapsedMs: step });
  const stored = () => [...(store.metrics.read(id, undefined, 100)[0]?.steps ?? [])];

  it('takes stored and waiting records back to where another one goes on', () => {
    const trainer = fakeTrainer();
    const { records, rewinds } = follow(trainer.handle);
    trainer.say(record(1), record(2), record(3));
    trainer.say(record(4), record(5), rewound(2), { ...record(3), metrics: { 'train/loss': 33 } });
    expect(stored()).toEqual([1, 2, 3]);
    expect([...store.metrics.read(id, undefined, 100)[0]!.values]).toEqual([1, 0.5, 33]);
    expect(records).toEqual([1, 2, 3, 3]);
    expect(rewinds).toEqual([undefined, 2]);
    expect(store.runs.get(id)).toMatchObject({ step: 3 });
    trainer.say(rewound(0));
    expect(stored()).toEqual([]);
    expect(store.runs.get(id)).toMatchObject({ step: 0, epoch: 0, elapsedMs: 0 });
    expect(rewinds).toEqual([undefined, 2, 0]);
  });

  it('is taken back once, although the disk was full meanwhile', () => {
    const trainer = fakeTrainer();
    follow(trainer.handle);
    trainer.say(record(1), record(2));
    const full = vi.spyOn(store.runs, 'change').mockImplementation(() => {
      throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
    });
    trainer.say(rewound(1), record(2), record(3));
    expect(stored()).toEqual([1, 2]);
    full.mockRestore();
    vi.advanceTimersByTime(2500);
    expect(stored()).toEqual([1, 2, 3]);
  });
});

describe('shutting down', () => {
  it('waits for a checkpoint, then ends the thread', async () => {
    const trainer = fakeTrainer();
    const { run, onEnd } = follow(trainer.handle);
    const down = run.shutDown(3000);
    expect(trainer.commands).toEqual(['stop']);
    trainer.say(record(7), checkpoint(7));
    expect(await down).toBe(false);
    expect(trainer.handle.terminate).toHaveBeenCalledOnce();
    expect(store.runs.latestCheckpoint(id)).toMatchObject({ step: 7, file: 'c7' });
    expect(onEnd).not.toHaveBeenCalled();
  });

  it('does not wait longer than told', async () => {
    const trainer = fakeTrainer();
    const down = follow(trainer.handle).run.shutDown(3000);
    await vi.advanceTimersByTimeAsync(3000);
    expect(await down).toBe(false);
    expect(trainer.handle.terminate).toHaveBeenCalledOnce();
  });
});

describe('the end', () => {
  it.each([
    [
      { type: 'finished', reason: 'completed', step: 9, epoch: 2, elapsedMs: 90, train: { loss: 0.1 } },
      { status: 'completed', scores: { train: { loss: 0.1 } }, step: 9 },
    ],
    [
      { type: 'failed', problem: { code: 'x', message: 'No.' } },
      { status: 'failed', problem: { code: 'x', message: 'No.' } },
    ],
  ] satisfies [TrainerEvent, object][])('%o is stored and the run has no owner any more', (event, expected) => {
    const trainer = fakeTrainer();
    const { onEnd } = follow(trainer.handle);
    trainer.say(event);
    expect(store.runs.get(id)).toMatchObject({ ...expected, owner: null });
    expect(onEnd).toHaveBeenCalledOnce();
  });
});
