/** The same work without a screen: output that other programs can read, equal seeds, a killed run that goes on. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { flowersCsv } from './fixtures/flowers.ts';
import { program, root, runCli } from './harness/host.ts';

let library: string;
test.beforeEach(() => {
  library = fs.mkdtempSync(path.join(os.tmpdir(), 'layerbench-cli-'));
});
test.afterEach(() => fs.rmSync(library, { recursive: true, force: true }));

interface TrainResult {
  run: number;
  epochs: number;
  seconds: number;
  train: { loss: number; accuracy: number };
  validation: { loss: number; accuracy: number };
  test?: { loss: number; accuracy: number };
}

const penguins = ['train', '--network', 'resources/samples/networks/mlp-table.json', '--data', 'penguins', '--json'];

async function train(...more: string[]): Promise<TrainResult> {
  const { code, output, errors } = await runCli([...penguins, '--library', library, ...more]);
  expect(code, errors).toBe(0);
  expect(output.trim().split('\n')).toHaveLength(1);
  return JSON.parse(output) as TrainResult;
}

test('npm run --silent cli prints nothing of its own', async () => {
  const child = spawn(
    process.execPath,
    [path.join(root, 'scripts', 'run.mjs'), 'cli', ...penguins, '--library', library, '--epochs', '2'],
    { cwd: root },
  );
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [code] = (await once(child, 'close')) as [number];
  expect(code).toBe(0);
  expect(JSON.parse(output)).toMatchObject({ epochs: 2 });
});

test('the same seed gives the same numbers, another seed others; the test part is scored only on demand', async () => {
  const plain = ({ run: _run, seconds: _seconds, ...rest }: TrainResult): object => rest;
  const first = await train('--seed', '3', '--epochs', '5');
  const again = await train('--seed', '3', '--epochs', '5');
  const other = await train('--seed', '4', '--epochs', '5');
  expect(plain(again)).toEqual(plain(first));
  expect(other.train.loss).not.toBe(first.train.loss);
  expect(first.test).toBeUndefined();
  expect((await train('--test')).test!.accuracy).toBeGreaterThanOrEqual(0.95);
});

test('the bundled host of the packaged app trains as the sources do, workers included', async () => {
  const results: TrainResult[] = [];
  for (const cli of ['electron/cli.ts', 'dist/electron/cli.js']) {
    const child = spawn(process.execPath, [path.join(root, cli), ...penguins, '--library', library, '--seed', '3', '--epochs', '5'], {
      cwd: root,
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    await once(child, 'close');
    results.push(JSON.parse(output) as TrainResult);
  }
  expect(results[1]!.train).toEqual(results[0]!.train);

  // A file of one's own is read by a worker of the bundle, too.
  const file = path.join(library, 'flowers.csv');
  fs.writeFileSync(file, flowersCsv());
  const own = [
    'train',
    '--network',
    'resources/samples/networks/mlp-table.json',
    '--data',
    file,
    '--epochs',
    '2',
    '--json',
    '--library',
    library,
  ];
  const imported = spawn(process.execPath, [path.join(root, 'dist', 'electron', 'cli.js'), ...own], { cwd: root });
  let errors = '';
  imported.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const [code] = (await once(imported, 'close')) as [number];
  expect(code, errors).toBe(0);
});

test('a killed training is marked interrupted and goes on to the same result', async () => {
  // The slow engine, so that there is a middle to be killed in.
  const settings = ['--seed', '5', '--epochs', '1000', '--engine', 'reference'];
  const whole = await train(...settings);
  const child = spawn(process.execPath, [program('cli'), ...penguins, '--library', library, ...settings], { cwd: root });
  let progress = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (progress += text));
  // A few epochs in, so that there is a checkpoint to go on from.
  await expect.poll(() => /epoch\s+([3-9]|\d\d)\b/.test(progress), { timeout: 20_000, intervals: [20] }).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'close');

  const listed = await runCli(['runs', '--library', library, '--json']);
  const runs = JSON.parse(listed.output) as { id: number; status: string }[];
  const broken = runs.find((run) => run.id !== whole.run)!;
  expect(broken.status).toBe('interrupted');

  const resumed = await runCli(['train', '--resume', String(broken.id), '--json', '--library', library]);
  expect(resumed.code, resumed.errors).toBe(0);
  const result = JSON.parse(resumed.output) as TrainResult;
  expect(result.train).toEqual(whole.train);
  expect(result.validation).toEqual(whole.validation);
});
