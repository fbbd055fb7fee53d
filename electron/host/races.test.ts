import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { networkCourse } from '../../core/learn/networkCourse.ts';
import { RaceBench } from '../../core/learn/raceBench.ts';
import { createWasmEngine } from '../../core/engines/wasm/wasmEngine.ts';
import { defaultOptimizer } from '../../core/optimizers/index.ts';
import { prepareData } from '../../core/tasks/prepareData.ts';
import type { CallArgs, CallName, CallResult, Events, Reply, Trainable } from '../contract/calls.ts';
import { loadSample } from '../files/samples.ts';
import { resourcesFolder } from './folders.ts';
import { createHost, type Host } from './host.ts';

let folder: string;
let host: Host;
let penguins: Trainable;
const engine = { kind: 'wasm', threads: 1 } as const;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'layerbench-races-'));
  host = await createHost({ libraryFolder: folder, resourcesFolder: resourcesFolder(), shell: 'browser' });
  const { document, config } = await call('documents.create', { from: { sample: 'mlp-table' } });
  penguins = { document, config: { ...config!, engine } };
}, 30_000);

afterAll(async () => {
  await host.close();
  rmSync(folder, { recursive: true, force: true });
});

async function call<K extends CallName>(name: K, args: CallArgs<K>): Promise<CallResult<K>> {
  const reply = (await host.router.call(name, args)) as Reply<CallResult<K>>;
  if (!reply.ok) throw new Error(`${reply.problem.code}: ${reply.problem.message}`);
  return reply.value;
}

const optimizers = [defaultOptimizer('adam'), defaultOptimizer('sgd')];
const race = (job: string, change: Partial<CallArgs<'race.run'>> = {}): CallArgs<'race.run'> => ({
  ...penguins,
  job,
  optimizers,
  steps: 4,
  plane: 'principal',
  side: 7,
  confirmed: true,
  ...change,
});

/** Plain loops take long on any machine. */
const long = (job: string, change: Partial<CallArgs<'race.run'>> = {}): CallArgs<'race.run'> =>
  race(job, { config: { ...penguins.config, engine: { kind: 'reference', threads: 1 } }, steps: 10_000, ...change });

describe('a race of an open network', () => {
  it('is the one that core runs on the same data, and says how far it is', async () => {
    const said: Events['race.progress'][] = [];
    const activities: string[] = [];
    const stops = [host.on('race.progress', (progress) => said.push(progress)), host.on('activity', ({ state }) => activities.push(state))];
    const outcome = await call('race.run', race('one', { steps: 40, side: 13 }));
    stops.forEach((stop) => stop());
    const { document, config } = penguins;
    const data = prepareData(await loadSample(resourcesFolder(), config.data.id), config);
    const course = networkCourse({ document, config, data }, () => createWasmEngine());
    const expected = await new RaceBench().run('', course, { optimizers, steps: 40, plane: 'principal', side: 13 });
    expect(outcome).toEqual({ kind: 'done', landscape: expected });
    expect(said.length).toBeGreaterThan(0);
    expect(said.every(({ job }) => job === 'one')).toBe(true);
    expect(activities.at(-1)).toBe('done');
  }, 60_000);

  it('is only estimated where it would take long', async () => {
    const outcome = await call('race.run', long('two', { confirmed: false, side: 49 }));
    if (outcome.kind !== 'estimate') throw new Error('not estimated');
    expect(outcome.estimate.raceMs).toBeGreaterThan(1000);
    expect(outcome.estimate.mapMs).toBeGreaterThan(0);
    expect(outcome.sample.rows).toBeGreaterThan(100);
  }, 30_000);

  it('is cancelled, or ended by the next one, and the thread is free', async () => {
    const running = call('race.run', long('long'));
    await new Promise<void>((resolve) => {
      const stop = host.on('race.progress', () => (stop(), resolve()));
    });
    await call('race.cancel', { job: 'long' });
    await expect(running).rejects.toThrow('job.cancelled');
    const superseded = expect(call('race.run', long('longer'))).rejects.toThrow('job.cancelled');
    const next = await call('race.run', race('next'));
    await superseded;
    expect(next.kind).toBe('done');
  }, 30_000);

  it('says what is wrong', async () => {
    await expect(call('race.run', race('bad', { document: { ...penguins.document, edges: [] } }))).rejects.toThrow(
      /^(graph|network|train|node|document|output)/,
    );
    const { document, config } = await call('documents.create', { from: { sample: 'gan' } });
    await expect(call('race.run', race('pair', { document, config: config! }))).rejects.toThrow(/race.adversarial: An adversarial pair/);
    await expect(call('race.run', race('none', { optimizers: [] }))).rejects.toThrow('call.arguments');
    const wild = [{ ...defaultOptimizer('sgd'), learningRate: -1 }];
    await expect(call('race.run', race('wild', { optimizers: wild }))).rejects.toThrow('call.arguments');
  }, 30_000);
});
