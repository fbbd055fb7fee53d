import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { CallArgs, CallName, CallResult, ExplainView, Reply, Trainable } from '../contract/calls.ts';
import { resourcesFolder } from './folders.ts';
import { createHost, type Host } from './host.ts';

let folder: string;
let host: Host;
let penguins: Trainable;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'layerbench-explain-'));
  host = await createHost({ libraryFolder: folder, resourcesFolder: resourcesFolder(), shell: 'browser' });
  const { document, config } = await call('documents.create', { from: { sample: 'mlp-table' } });
  penguins = { document, config: { ...config!, epochs: 2, seed: 1 } };
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

const read = async ({ machine }: ExplainView, id: number) => (await call('explain.read', { machine, values: [id] }))[0]!;

describe('a time machine', () => {
  it('opens a network, takes a step and takes it back', async () => {
    const view = await call('explain.open', { of: penguins, rows: [5] });
    const { machine } = view;
    const [weight] = view.parameters;
    const [before, after] = [await read(view, weight!.value), await read(view, weight!.after)];
    const next = await call('explain.advance', { machine });
    expect(next).toMatchObject({ step: 1, taken: 1 });
    expect(next.loss).toBeLessThan(view.loss);
    expect(await read(view, weight!.value)).toEqual(after);
    const back = await call('explain.back', { machine });
    expect([back.loss, back.taken]).toEqual([view.loss, 0]);
    expect(await read(view, weight!.value)).toEqual(before);
  });

  it('explains a number, and what follows when it is changed', async () => {
    const view = await call('explain.open', { of: penguins, rows: [5] });
    const { machine, parameters } = view;
    const { value, gradient } = parameters[0]!;
    const gradients = await read(view, gradient);
    const element = gradients.findIndex((own) => own !== 0);
    const derivation = await call('explain.derive', { machine, request: { value, element } });
    expect(derivation.gradient).toBe(gradients[element]);
    expect(derivation.sum).toBeCloseTo(derivation.gradient, 6);
    const changed = await call('explain.change', { machine, edits: [{ value, at: { element }, to: 9 }] });
    expect(changed.loss).not.toBe(view.loss);
    expect((await read(view, value))[element]).toBe(9);
    expect((await call('explain.change', { machine, edits: [] })).loss).toBe(view.loss);
  });

  it('opens a finished run with its weights', async () => {
    const id = await host.startRun(penguins);
    await vi.waitFor(async () => expect((await call('runs.get', { id })).status).toBe('completed'), { timeout: 30_000, interval: 50 });
    const view = await call('explain.open', { of: { run: id }, rows: [] });
    expect(view.rows).toEqual([view.samples.validation[0]]);
    expect(view.step).toBeGreaterThan(0);
    const { step, loss } = await call('explain.open', { of: penguins, rows: view.rows });
    expect(step).toBe(0);
    expect(view.loss).not.toBe(loss);
  }, 40_000);

  it('says what is not there', async () => {
    const { machine } = await call('explain.open', { of: penguins, rows: [] });
    await expect(call('explain.open', { of: penguins, rows: [100_000] })).rejects.toThrow(/explain.row: The data set has no row 100000/);
    await expect(call('explain.read', { machine, values: [1_000_000] })).rejects.toThrow(/explain.value: There is no value 1000000/);
    await expect(call('explain.derive', { machine, request: { value: 0, element: 2 ** 40 } })).rejects.toThrow(/explain.element/);
    await call('explain.close', { machine });
    await expect(call('explain.advance', { machine })).rejects.toThrow(/explain.closed/);
  });
});
