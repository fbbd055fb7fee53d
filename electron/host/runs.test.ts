import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fork, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunConfig } from '../../core/train/runConfig.ts';
import type { CallArgs, CallName, CallResult, DocumentState, Reply, RunDetails, RunId, RunStatus } from '../contract/calls.ts';
import { openStore } from '../store/store.ts';
import { resourcesFolder } from './folders.ts';
import { createHost } from './host.ts';
import type { Host } from './host.ts';
import { isAlive, linuxStartTime, processStartTime } from './owner.ts';

let folder: string;
let host: Host;
const open = async (): Promise<Host> =>
  (host = await createHost({ libraryFolder: folder, resourcesFolder: resourcesFolder(), shell: 'browser' }));

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'layerbench-host-'));
  await open();
});
afterEach(async () => {
  await host.close();
  rmSync(folder, { recursive: true, force: true });
});

const call = async <K extends CallName>(name: K, args: CallArgs<K>): Promise<CallResult<K>> => {
  const reply = (await host.router.call(name, args)) as Reply<CallResult<K>>;
  if (!reply.ok) throw new Error(`${reply.problem.code}: ${reply.problem.message}`);
  return reply.value;
};

/** A document bound to the penguins that trains for so many epochs. */
async function prepare(change: Partial<RunConfig>): Promise<DocumentState> {
  const state = await call('documents.create', { from: { sample: 'mlp-table' } });
  if (state.config === undefined) throw new Error('the sample has no config');
  await call('documents.save', { id: state.id, document: state.document, config: { ...state.config, ...change } });
  return state;
}

async function until(id: RunId, wanted: (run: RunDetails) => boolean): Promise<RunDetails> {
  for (let tries = 0; tries < 600; tries += 1) {
    const run = await call('runs.get', { id });
    if (wanted(run)) return run;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`run ${id} never got there: ${JSON.stringify(await call('runs.get', { id }))}`);
}
const ended = (run: RunDetails): boolean => !(['queued', 'running', 'paused'] as RunStatus[]).includes(run.status);
const forever = { epochs: 1_000_000 };

describe('a run', () => {
  it('is saved as it goes and whole when it ends', async () => {
    const seen: number[] = [];
    host.on('run.records', ({ records }) => {
      // Whatever is announced is already stored.
      const stored = openStore(folder);
      seen.push(...records.map((record) => record.step));
      expect(stored.metrics.read(1, ['train/loss'], 20_000)[0]?.steps.at(-1)).toBeGreaterThanOrEqual(records.at(-1)?.step ?? 0);
      stored.close();
    });
    const state = await prepare({ epochs: 5 });
    const { id } = await call('runs.start', { document: state.id });
    const run = await until(id, ended);
    expect(run).toMatchObject({ status: 'completed', epochs: 5, step: run.totalSteps, testLooks: 0, canResume: false });
    expect(run.scores.train?.accuracy).toBeGreaterThan(0.3);
    expect(['native', 'wasm']).toContain(run.engine?.kind);
    expect(run.config.data.hash).toBe(run.dataHash);
    expect(run.document.nodes).toEqual(state.document.nodes);
    expect(seen.at(-1)).toBe(run.totalSteps);
    expect(readdirSync(join(folder, 'checkpoints', `run-${id}`)).length).toBeGreaterThan(0);

    const opened = await call('documents.open', { id: state.id });
    expect(opened.lastRun).toEqual({ id, edited: false });
    await call('documents.save', {
      id: state.id,
      document: { ...opened.document, nodes: opened.document.nodes.map((n) => ({ ...n, position: { x: 1, y: 2 } })) },
      ...(opened.config === undefined ? {} : { config: opened.config }),
    });
    expect((await call('documents.open', { id: state.id })).lastRun?.edited).toBe(false);
    if (opened.config !== undefined)
      await call('documents.save', { id: state.id, document: opened.document, config: { ...opened.config, seed: 5 } });
    expect((await call('documents.open', { id: state.id })).lastRun?.edited).toBe(true);
  });

  it('counts every look at the test part, before its score is shown', async () => {
    const { id } = await call('runs.start', { document: (await prepare({ epochs: 2 })).id });
    await until(id, ended);
    const first = await call('runs.revealTest', { id });
    expect(first.looks).toBe(1);
    expect(first.score.accuracy).toBeGreaterThanOrEqual(0);
    expect((await call('runs.revealTest', { id })).looks).toBe(2);
    expect(await call('runs.get', { id })).toMatchObject({ testLooks: 2, scores: { test: first.score } });
  });

  it('names itself by what differs', async () => {
    const { optimizer } = (await prepare({})).config ?? {};
    if (optimizer === undefined) throw new Error('no config');
    const names: string[] = [];
    for (const change of [
      { epochs: 1 },
      { epochs: 1, optimizer: { ...optimizer, learningRate: 0.01 } },
      { epochs: 1 },
      { epochs: 2, batchSize: 7 },
    ]) {
      const { id } = await call('runs.start', { document: (await prepare(change)).id });
      names.push((await until(id, ended)).name);
    }
    expect(names).toEqual([
      'MLP for a table',
      'MLP for a table · lr 0.01',
      'MLP for a table (2)',
      expect.stringMatching(/^MLP for a table · .*batch 7/),
    ]);
  });

  it('pauses, goes on, stops, and can then be resumed', async () => {
    const { id } = await call('runs.start', { document: (await prepare(forever)).id });
    await until(id, (run) => run.status === 'running' && run.step > 0);
    await call('runs.command', { id, command: { type: 'pause' } });
    await until(id, (run) => run.status === 'paused');
    await call('runs.command', { id, command: { type: 'continue' } });
    await until(id, (run) => run.status === 'running');
    await call('runs.command', { id, command: { type: 'stop' } });
    const run = await until(id, ended);
    expect(run).toMatchObject({ status: 'stopped', canResume: true });
    const twice = await Promise.allSettled([call('runs.resume', { id }), call('runs.resume', { id })]);
    expect(twice.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    const resumed = await until(id, (now) => now.step > run.step);
    expect(resumed.elapsedMs).toBeGreaterThan(run.elapsedMs);
    await expect(call('runs.resume', { id })).rejects.toThrow('is running and cannot be resumed');
    await expect(call('runs.delete', { ids: [id] })).rejects.toThrow('so it cannot be deleted');
    await expect(call('runs.revealTest', { id })).rejects.toThrow('still trains');
  });

  it('waits for the one before it, or leaves the queue when it is stopped', async () => {
    const first = await call('runs.start', { document: (await prepare(forever)).id });
    const short = (await prepare({ epochs: 1 })).id;
    const second = await call('runs.start', { document: short });
    const third = await call('runs.start', { document: short });
    expect((await call('runs.get', { id: second.id })).status).toBe('queued');
    await call('runs.command', { id: second.id, command: { type: 'stop' } });
    await call('runs.command', { id: first.id, command: { type: 'stop' } });
    expect((await until(third.id, ended)).status).toBe('completed');
    expect((await call('runs.get', { id: second.id })).status).toBe('stopped');
    await expect(call('runs.command', { id: third.id, command: { type: 'pause' } })).rejects.toThrow(
      'Run 3 is completed, so it cannot pause.',
    );
  });

  it('is renamed, noted, put in the trash and taken out again', async () => {
    const { id } = await call('runs.start', { document: (await prepare({ epochs: 1 })).id });
    await until(id, ended);
    await call('runs.rename', { id, name: ' Best so far ' });
    await call('runs.note', { id, note: 'Keep.' });
    expect((await call('runs.list', {}))[0]).toMatchObject({ id, name: 'Best so far', note: 'Keep.' });
    await call('runs.delete', { ids: [id] });
    expect(await call('runs.list', {})).toEqual([]);
    expect((await call('runs.list', { deleted: true }))[0]).toMatchObject({ id, deleted: true });
    await call('runs.restore', { ids: [id] });
    expect(await call('runs.list', {})).toHaveLength(1);
    const copy = await call('documents.create', { from: { run: id } });
    expect(copy.config).toMatchObject({ epochs: 1, data: { id: 'penguins' } });
  });
});

describe('closing and crashing', () => {
  it('closing in the middle leaves a checkpoint and an interrupted run, and never hangs', async () => {
    const { id } = await call('runs.start', { document: (await prepare(forever)).id });
    const queued = await call('runs.start', { document: (await prepare({ epochs: 1 })).id });
    await until(id, (run) => run.step > 10);
    const before = performance.now();
    await host.close();
    expect(performance.now() - before).toBeLessThan(5000);
    await open();
    expect(await call('runs.get', { id })).toMatchObject({ status: 'interrupted', canResume: true });
    expect((await call('runs.get', { id: queued.id })).status).toBe('interrupted');
    await call('runs.resume', { id: queued.id });
    expect((await until(queued.id, ended)).status).toBe('completed');
  });

  it('a killed process leaves every metric up to its last second, and its run is resumed', async () => {
    const state = await prepare(forever);
    await host.close();
    const child = fork(fileURLToPath(new URL('./fixtures/trainUntilKilled.ts', import.meta.url)), [folder, state.id], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    // The child reports what its listeners saw, until it is killed while training.
    let id = 0;
    let lastStep = 0;
    await new Promise<void>((resolve) => {
      child.on('message', (message: { id: RunId; step: number }) => {
        id = message.id;
        lastStep = message.step;
        if (lastStep > 300) {
          child.kill('SIGKILL');
          resolve();
        }
      });
    });
    await new Promise((resolve) => child.on('exit', resolve));
    await open();
    const run = await call('runs.get', { id });
    expect(run).toMatchObject({ status: 'interrupted', canResume: true });
    expect(run.step).toBeGreaterThanOrEqual(lastStep);
    const [loss] = await call('runs.metrics', { id, names: ['train/loss'], maxPoints: 20_000 });
    expect(loss?.steps.at(-1)).toBeGreaterThanOrEqual(lastStep);
    expect(loss?.steps.at(-1)).toBe(run.step);

    await call('runs.resume', { id });
    await until(id, (now) => now.status === 'running' && now.step > run.step);
    const [longer] = await call('runs.metrics', { id, names: ['train/loss'], maxPoints: 20_000 });
    const steps = [...(longer?.steps ?? [])];
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
  });

  it('a run of another living process is left alone', async () => {
    const other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { stdio: 'ignore' });
    const { id } = await call('runs.start', { document: (await prepare({ epochs: 1 })).id });
    await until(id, ended);
    const store = openStore(folder);
    const started = processStartTime(other.pid ?? 0) ?? '';
    store.runs.change(id, { status: 'running', owner: { pid: other.pid ?? 0, started }, heartbeatAt: Date.now() });
    expect((await call('runs.list', {}))[0]?.status).toBe('running');
    await expect(call('runs.command', { id, command: { type: 'stop' } })).rejects.toThrow(
      `trains in another Layerbench (process ${other.pid})`,
    );
    const gone = new Promise((resolve) => other.on('exit', resolve));
    other.kill();
    await gone;
    expect((await call('runs.list', {}))[0]?.status).toBe('interrupted');
    store.close();
  });

  it('a process number that was given again is not the owner', () => {
    const me = { pid: process.pid, started: processStartTime(process.pid) ?? '' };
    expect(isAlive(me, null, 0)).toBe(true);
    if (process.platform === 'linux') expect(isAlive({ ...me, started: `${me.started}0` }, Date.now(), Date.now())).toBe(false);
    expect(isAlive({ pid: 2 ** 22 + 1, started: 'x' }, Date.now(), Date.now())).toBe(false);
    const stat = `7 (a) b) S ${Array.from({ length: 30 }, (_v, i) => i + 4).join(' ')}`;
    expect(linuxStartTime(stat, 'boot')).toBe('boot 22');
    expect(linuxStartTime(stat.replace(') S', ') Z'), 'boot')).toBeNull();
  });
});

describe('a file from disk', () => {
  it('is imported once, by name', async () => {
    const file = join(folder, 'My flowers.csv');
    writeFileSync(file, ['size,kind', ...Array.from({ length: 40 }, (_v, i) => `${i},${i % 2 === 0 ? 'a' : 'b'}`)].join('\n'));
    const info = await host.importCsvFile(file);
    expect(info).toMatchObject({ id: 'my-flowers', name: 'My flowers', rowCount: 40 });
    expect((await host.importCsvFile(file)).id).toBe('my-flowers');
    expect(existsSync(file)).toBe(true);
    await expect(host.importCsvFile(join(folder, 'nothing.csv'))).rejects.toThrow('does not exist');
  });

  it('is a text where its lines are not divided alike', async () => {
    const file = join(folder, 'Tale.txt');
    const lines = Array.from({ length: 300 }, (_v, i) => `This is line ${i}, of a tale${', and so on'.repeat(i % 3)}.`);
    writeFileSync(file, lines.join('\n'));
    const info = await host.importCsvFile(file);
    expect(info).toMatchObject({ id: 'tale', name: 'Tale', kind: 'text', rowCount: lines.join('\n').length + 1 });
    expect((await host.importCsvFile(file)).id).toBe('tale');
    // Stretches begin with a line and fit together.
    const text = `${lines.join('\n')}\n`;
    const first = await call('data.text', { id: 'tale', offset: 0, count: 1000 });
    const second = await call('data.text', { id: 'tale', offset: 1000, count: 1000 });
    expect(first.to).toBe(second.from);
    expect(text.startsWith(first.text + second.text)).toBe(true);
    expect(second.text).toMatch(/^This is line/);
    const last = await call('data.text', { id: 'tale', offset: info.rowCount - 10, count: 1000 });
    expect(last).toEqual({ from: info.rowCount, to: info.rowCount, text: '' });
    await expect(call('data.text', { id: 'penguins', offset: 0, count: 10 })).rejects.toThrow('is no running text');
    writeFileSync(file, 'a;b\n1;2\n2;3\n4;5\n');
    expect(await host.importCsvFile(file)).toMatchObject({ kind: 'table', rowCount: 3 });
  });
});
