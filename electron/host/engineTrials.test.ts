import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallArgs, CallName, CallResult, Reply, Trainable } from '../contract/calls.ts';
import { resourcesFolder } from './folders.ts';
import { createHost, type Host } from './host.ts';

let folder: string;
let host: Host;
let penguins: Trainable;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'layerbench-trials-'));
  host = await createHost({ libraryFolder: folder, resourcesFolder: resourcesFolder(), shell: 'browser' });
  const { document, config } = await call('documents.create', { from: { sample: 'mlp-table' } });
  penguins = { document, config: config! };
});
afterAll(async () => {
  await host.close();
  rmSync(folder, { recursive: true, force: true });
});

async function call<K extends CallName>(name: K, args: CallArgs<K>): Promise<CallResult<K>> {
  const reply = (await host.router.call(name, args)) as Reply<CallResult<K>>;
  if (!reply.ok) throw new Error(reply.problem.code);
  return reply.value;
}

const wasm: Trainable['config']['engine'] = { kind: 'wasm', threads: 1 };

describe('a planned training', () => {
  it('has kernels of every layer, their text, and a memory', async () => {
    const config = { ...penguins.config, engine: wasm };
    const plan = await call('engines.plan', { ...penguins, config });
    const dense = penguins.document.nodes.find(({ type }) => type === 'dense')!;
    const kernel = plan.kernels.findIndex(({ node }) => node === dense.id);
    expect(kernel).toBeGreaterThanOrEqual(0);
    expect(plan).toMatchObject({ batchSize: config.batchSize, native: false });
    expect(plan.slotBytes).toBeGreaterThan(0);
    const { text } = await call('engines.kernelText', { ...penguins, config, kernel });
    expect(text).toMatch(/^\(func \$/);

    const { kernelMs, engine, steps } = await call('engines.measureKernels', { ...penguins, config });
    expect(kernelMs).toHaveLength(plan.kernels.length);
    expect(engine).toMatchObject({ kind: 'wasm', threads: 1 });
    expect(steps).toBeGreaterThan(0);
  });

  it('says why a network that cannot be trained has none', async () => {
    const document = { ...penguins.document, edges: [] };
    await expect(call('engines.plan', { ...penguins, document })).rejects.toThrow(/^(graph|network|train|node|document|output)/);
  });
});

describe('measured engines', () => {
  it('are all there, the compiled one faster than the reference', async () => {
    const activities: string[] = [];
    const stop = host.on('activity', ({ state }) => activities.push(state));
    const speeds = await call('engines.measure', penguins);
    stop();
    const best = (kind: string) =>
      Math.max(...speeds.filter(({ choice }) => choice.kind === kind).map(({ speed }) => speed?.samplesPerSecond ?? 0));
    expect(best('wasm')).toBeGreaterThan(best('reference'));
    expect(best('reference')).toBeGreaterThan(0);
    expect(activities.at(-1)).toBe('done');
  }, 30_000);

  it('can be cancelled', async () => {
    const measuring = call('engines.measure', penguins);
    setTimeout(() => void call('engines.cancel', {}), 300);
    await expect(measuring).rejects.toThrow('job.cancelled');
  });

  it('are refused while a run trains', async () => {
    const { id: document } = await call('documents.create', { from: { sample: 'mlp-table' } });
    await call('documents.save', { id: document, ...penguins, config: { ...penguins.config, epochs: 1_000_000 } });
    const { id } = await call('runs.start', { document });
    await expect(call('engines.measure', penguins)).rejects.toThrow('engine.busy');
    await expect(call('engines.findRate', penguins)).rejects.toThrow('engine.busy');
    await call('runs.command', { id, command: { type: 'stop' } });
    await expect.poll(async () => (await call('runs.get', { id })).status, { timeout: 10_000 }).toBe('stopped');
  });
});

describe('a search for a learning rate', () => {
  it('says its points while it runs and names a rate', async () => {
    const seen: number[] = [];
    const states: string[] = [];
    const stops = [
      host.on('rate.points', ({ points }) => seen.push(points.length)),
      host.on('activity', ({ state }) => states.push(state)),
    ];
    const { points, suggested } = await call('engines.findRate', penguins);
    stops.forEach((stop) => stop());
    expect(points.length).toBeGreaterThan(20);
    expect(suggested).toBeGreaterThan(1e-6);
    expect(suggested).toBeLessThan(1);
    expect(seen.length).toBeGreaterThan(0);
    expect(states.at(-1)).toBe('done');
  }, 20_000);

  it('can be cancelled, and says what is wrong with the network', async () => {
    const finding = call('engines.findRate', penguins);
    setTimeout(() => void call('engines.cancel', {}), 20);
    await expect(finding).rejects.toThrow('job.cancelled');
    const document = { ...penguins.document, edges: [] };
    await expect(call('engines.findRate', { ...penguins, document })).rejects.toThrow(/^(graph|network|train|node|document|output)/);
  });
});
