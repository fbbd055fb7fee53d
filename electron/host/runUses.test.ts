import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { draw } from '../../core/testing/documents.ts';
import { defaultRunConfig } from '../../core/train/defaults.ts';
import type { RunConfig } from '../../core/train/runConfig.ts';
import { runCli } from '../cli/runCli.ts';
import type { CallArgs, CallName, CallResult, Reply, RunId } from '../contract/calls.ts';
import { resourcesFolder } from './folders.ts';
import { createHost, type Host } from './host.ts';

let folder: string;
let host: Host;
let penguins: RunId;
let diffusion: RunId;
let digits: RunId;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'layerbench-use-'));
  host = await createHost({ libraryFolder: folder, resourcesFolder: resourcesFolder(), shell: 'browser' });
  const { document, config } = await call('documents.create', { from: { sample: 'mlp-table' } });
  penguins = await trained({ document, config: { ...config!, epochs: 5, seed: 1 } });
  const info = await call('data.get', { id: 'digits' });
  const quick = { epochs: 1, batchSize: 256 };
  const noise = draw(
    'x:input c:input e:embedding flat:flatten back:reshape n:conv2d sum:add out:output',
    'c>e e>flat flat>back x>n n>sum back>sum sum>out',
    {
      x: { role: 'noisy image' },
      c: { role: 'class' },
      e: { vocabulary: 11, features: 64 },
      back: { shape: '1 × 8 × 8' },
      n: { filters: 1, kernel: 1 },
      out: { role: 'noise' },
    },
  );
  const task = { type: 'diffusion', steps: 1000, noise: 'cosine', classes: true, dropClass: 0.1 } as const;
  const start = defaultRunConfig(info, { network: 'noise', task: 'diffusion' });
  diffusion = await trained({ document: noise, config: { ...start, ...quick, task } });
  const classes = draw('x:input flat:flatten hidden:dense d:dense out:output', 'x>flat flat>hidden hidden>d d>out', {
    x: { role: 'image' },
    hidden: { units: 12, activation: 'relu' },
    d: { units: 10 },
    out: { role: info.defaultTarget! },
  });
  digits = await trained({ document: classes, config: { ...defaultRunConfig(info, { network: 'digits' }), ...quick, epochs: 5 } });
}, 60_000);

afterAll(async () => {
  await host.close();
  rmSync(folder, { recursive: true, force: true });
});

async function call<K extends CallName>(name: K, args: CallArgs<K>): Promise<CallResult<K>> {
  const reply = (await host.router.call(name, args)) as Reply<CallResult<K>>;
  if (!reply.ok) throw new Error(`${reply.problem.code}: ${reply.problem.message}`);
  return reply.value;
}

async function trained(request: { document: ReturnType<typeof draw>; config: RunConfig }): Promise<RunId> {
  const id = await host.startRun(request);
  await vi.waitFor(async () => expect((await call('runs.get', { id })).status).toBe('completed'), { timeout: 30_000, interval: 50 });
  return id;
}

/** Runs a command on the same library. */
async function cli(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const terminal = {
    isTerminal: false,
    interrupted: new AbortController().signal,
    out: (line: string) => void out.push(line),
    err: (line: string) => void err.push(line),
    status: () => undefined,
  };
  const code = await runCli([...args, '--library', folder], terminal);
  return { code, out: out.join('\n'), err: err.join('\n'), json: () => JSON.parse(out.at(-1)!) as Record<string, never> };
}

describe('a finished run', () => {
  it('says what it can do, and does it', async () => {
    const description = await call('use.describe', { run: penguins });
    expect(description).toMatchObject({ run: penguins, task: 'classification', predict: { answer: 'classes', typed: true } });
    expect(description.step).toBeGreaterThan(0);
    const { fields } = description.predict!;
    expect(fields.find(({ type }) => type === 'category')).toMatchObject({ categories: expect.any(Array) as string[] });
    const rows = description.examples.slice(0, 20);
    const answers = await call('use.predict', { run: penguins, items: rows.map((row) => ({ row })) });
    const right = answers.filter((answer) => answer.kind === 'classes' && answer.predicted === answer.truth).length;
    expect(right / rows.length).toBeGreaterThan(0.7);
    const [row] = await call('use.rows', { run: penguins, rows: rows.slice(0, 1) });
    const [typed] = await call('use.predict', { run: penguins, items: [{ values: row!.values }] });
    const [stored] = await call('use.predict', { run: penguins, items: [{ row: row!.row }] });
    if (typed?.kind !== 'classes' || stored?.kind !== 'classes') throw new Error('no classes');
    expect(typed.probabilities).toEqual(stored.probabilities);
  });

  it('refuses what it cannot do, what is no run, and wrong arguments', async () => {
    await expect(call('use.nodes', { run: penguins })).rejects.toThrow('use.task: A network trained for the task classification');
    await expect(call('use.describe', { run: 999 })).rejects.toThrow('run.unknown');
    await expect(call('use.predict', { run: penguins, items: [{ row: -1 }] })).rejects.toThrow('call.arguments');
    await expect(call('use.predict', { run: penguins, items: [{ values: { Island: 'Atlantis' } }] })).rejects.toThrow('use.category');
  });

  it('draws images, says its progress with them, and can be cancelled', async () => {
    const seen: number[] = [];
    const stop = host.on('use.progress', ({ job, done, images }) => {
      if (job !== 'mine') return;
      seen.push(done);
      expect(images?.shape).toEqual([1, 8, 8]);
      if (seen.length === 2) void call('use.cancel', { job: 'mine' });
    });
    await expect(call('use.sample', { run: diffusion, job: 'mine', count: 1024, seed: 1, sampler: 'ddpm' })).rejects.toThrow(
      'job.cancelled',
    );
    stop();
    expect(seen.length).toBeGreaterThanOrEqual(2);
    const sheet = await call('use.sample', { run: diffusion, job: 'mine', count: 4, seed: 1, steps: 5, class: '3', guidance: 1 });
    expect(sheet).toMatchObject({ shape: [1, 8, 8], count: 4 });
    expect(await call('use.sample', { run: diffusion, job: 'other', count: 4, seed: 1, steps: 5, class: '3', guidance: 1 })).toEqual(sheet);
  });

  it('is forgotten and loaded again', async () => {
    await call('use.close', {});
    expect((await call('use.describe', { run: digits })).predict?.image).toEqual([1, 8, 8]);
  });
});

describe('the command line', () => {
  it('predicts typed values, rows and image files', async () => {
    const typed = await cli('predict', String(penguins), '--values', 'Island=Biscoe,Flipper Length (mm)=230', '--json');
    expect(typed.json()).toMatchObject({ run: penguins, task: 'classification', answers: [{ kind: 'classes' }] });
    expect((await cli('predict', 'last', '--row', '0', '--row', '1')).out.split('\n')).toHaveLength(2);
    const out = join(folder, 'one');
    await cli('sample', String(diffusion), '--count', '1', '--steps', '2', '--out', out);
    expect((await cli('predict', String(digits), '--file', join(out, '1.png'), '--json')).json()).toMatchObject({
      answers: [{ kind: 'classes' }],
    });
    expect(await cli('predict', 'last')).toMatchObject({
      code: 1,
      err: '"predict" needs something to predict: --row, --values, --file or --test. See "predict --help".',
    });
    expect((await cli('predict', 'first')).err).toMatch(/^Expected the number of a run or "last", got "first"/);
    expect((await cli('generate', String(digits))).err).toMatch(/cannot continue a text/);
  }, 60_000);

  it('measures drawn images by a classifier', async () => {
    const { code, json } = await cli(
      'sample',
      String(diffusion),
      '--count',
      '40',
      '--steps',
      '4',
      '--class',
      'each',
      '--compare',
      String(digits),
      '--json',
    );
    expect(code).toBe(0);
    const { compare } = json() as unknown as { compare: Record<string, number> & { classes: Record<string, number> } };
    expect(compare).toMatchObject({ classifier: digits, layer: 'hidden', features: 12 });
    expect(compare.trainingFrechet).toBeLessThan(compare.gaussianFrechet!);
    expect(compare.ratio).toBeCloseTo(compare.frechet! / compare.gaussianFrechet!, 10);
    expect(Object.values(compare.classes).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 10);
  }, 60_000);
});
