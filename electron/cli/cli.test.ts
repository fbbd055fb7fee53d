import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Terminal } from './command.ts';
import { commands, runCli } from './runCli.ts';

const entry = fileURLToPath(new URL('../cli.ts', import.meta.url));
const networks = fileURLToPath(new URL('../../resources/samples/networks/', import.meta.url));
const table = join(networks, 'mlp-table.json');

let folder: string;
let library: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'layerbench-cli-'));
  library = join(folder, 'library');
  mkdirSync(library);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** Runs a command within this process. */
async function run(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const terminal: Terminal = {
    isTerminal: false,
    interrupted: new AbortController().signal,
    out: (line) => void out.push(line),
    err: (line) => void err.push(line),
    status: () => undefined,
  };
  const code = await runCli(args, terminal);
  return { code, out: out.join('\n'), err: err.join('\n'), json: () => JSON.parse(out.at(-1)!) as Record<string, unknown> };
}

async function train(...args: string[]) {
  return run('train', '--network', table, '--library', library, ...args);
}

/** Runs the real program. */
async function spawnCli(args: string[], onErr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void) {
  const child = spawn(process.execPath, [entry, ...args], { env: { ...process.env, LAYERBENCH_LIBRARY: library } });
  let out = '';
  let err = '';
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr.on('data', (data: Buffer) => {
    err += data.toString();
    onErr?.(err, (signal) => child.kill(signal));
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, out, err };
}

describe('help', () => {
  it('names every command, and each explains all its options', async () => {
    const general = await run('--help');
    expect(general.code).toBe(0);
    const width = Math.max(...commands.map(({ name }) => name.length));
    for (const command of commands) {
      expect(general.out).toContain(`${command.name.padEnd(width)}  ${command.summary}`);
      const help = await run(command.name, '--help');
      expect(help.code).toBe(0);
      for (const option of Object.keys(command.options)) expect(help.out).toContain(`--${option}`);
      expect(await run('help', command.name)).toMatchObject({ code: 0, out: help.out });
    }
  });

  it('goes to stderr with exit code 1 where no command is given', async () => {
    expect(await run()).toMatchObject({ code: 1, out: '' });
  });
});

describe('a finished run', () => {
  it('scores files and folders, and is taken along as one file', async () => {
    expect((await train('--data', 'penguins', '--epochs', '2', '--seed', '1')).code).toBe(0);
    const rows = readFileSync(join(networks, '../penguins/penguins.csv'), 'utf8').split('\n').slice(0, 4).join('\n');
    const target = mkdtempSync(join(folder, 'scored-'));
    const given = file('new.csv', `${rows}\n`);
    const scored = await run('score', 'last', given, '--out', join(target, 'out.csv'), '--json', '--library', library);
    expect(scored.json()).toMatchObject({ file: given, rows: 3, problems: [] });
    expect(readFileSync(join(target, 'out.csv'), 'utf8').split('\n')[0]).toMatch(/,prediction,probability$/);
    writeFileSync(join(target, 'one.csv'), `${rows}\n`);
    rmSync(join(target, 'out.csv'));
    expect((await run('score', 'last', target, '--library', library)).out).toContain(`3 rows scored: ${join(target, 'one-scored.csv')}`);
    expect(await run('score', 'last', file('bad.csv', 'a,b\n1,2\n'), '--library', library)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^bad\.csv: expected the \d columns this run was trained on/) as string,
    });
    const model = join(target, 'model.mjs');
    expect((await run('export', 'last', '--out', model, '--library', library)).code).toBe(0);
    expect(readFileSync(model, 'utf8')).toContain('export const { model, compute, predict }');
  }, 60_000);
});

describe('mistakes', () => {
  it.each([
    [['trian'], 'There is no command "trian". Did you mean "train"?'],
    [['runs', '--jsn'], '"runs" has no option "--jsn". Did you mean "--json"?'],
    [['train'], '"train" needs --network <file>, or --resume <run>. See "train --help".'],
    [['train', '--network', 'mpl'], 'There is no network file "mpl". Did you mean "mlp", which comes with Layerbench?'],
    [['train', '--resume', 'x'], '"--resume" expects the number of a run, got "x". "layerbench runs" lists them.'],
    [
      ['train', '--resume', '1', '--epochs', '3'],
      '"--epochs" cannot be used with --resume: a run continues as it was started. Leave it out, or start a new run with it.',
    ],
    [['shapes'], '"shapes" needs <network>. See "shapes --help".'],
  ])('%j', async (args, sentence) => {
    expect(await run(...args)).toMatchObject({ code: 1, out: '', err: sentence });
  });

  it.each([
    ['an unknown data set', ['--data', 'penguin'], /^There is no data set "penguin"\. Did you mean "penguins"\?$/],
    ['a missing data file', ['--data', 'no/such.csv'], /^The data file "no\/such\.csv" does not exist\.$/],
    ['a value of the wrong kind', ['--epochs', 'many'], /^epochs: expected a number, got "many"\.$/],
    ['a value out of range', ['--epochs', '0'], /epochs/],
    ['a setting that does not exist', ['--set', 'optimizer.learningrate=1'], /optimizer\.learningrate/],
    ['a setting without a value', ['--set', 'epochs'], /^"--set" expects path=value, got "epochs"\./],
    ['an unknown target', ['--target', 'colour'], /colour/],
    ['a missing config file', ['--config', 'nowhere.json'], /nowhere\.json/],
  ])('%s', async (_name, args, sentence) => {
    const result = await train(...args);
    expect(result).toMatchObject({ code: 1, out: '' });
    expect(result.err).toMatch(sentence);
    expect(result.err).not.toContain('\n');
  });

  it.each([
    ['empty.json', '', 'is empty'],
    ['binary.json', '\u0000\u0001\u0002', 'is not JSON'],
    ['other.json', '{"a": 1}', ''],
    ['cycle.json', JSON.stringify(cycle()), ''],
    ['unknown.json', readFileSync(table, 'utf8').replace('"type": "dense"', '"type": "densee"'), 'densee'],
  ])('a network file that is %s', async (name, content, words) => {
    const result = await run('train', '--network', file(name, content), '--data', 'penguins', '--library', library);
    expect(result).toMatchObject({ code: 1, out: '' });
    expect(result.err).toContain(words);
    expect(result.err).not.toMatch(/Layerbench failed/);
  });

  it('a run that does not exist', async () => {
    expect(await run('train', '--resume', '99', '--library', library)).toMatchObject({
      code: 1,
      err: 'There is no run 99 in this library.',
    });
  });
});

/** The table network with an edge back from the third to the second layer. */
function cycle(): object {
  const document = JSON.parse(readFileSync(table, 'utf8')) as {
    nodes: { id: string }[];
    edges: { id: string; from: string; to: string; toPort: number }[];
  };
  const [, second, third] = document.nodes;
  const edges = document.edges.map((edge) => (edge.to === second!.id ? { ...edge, from: third!.id } : edge));
  return { ...document, edges };
}

describe('plan', () => {
  it('lists kernels, buffers, memory and FLOPs', async () => {
    const { code, json } = await run('plan', 'mlp-table', '--library', library, '--json');
    expect(code).toBe(0);
    const plan = json() as {
      totalBytes: number;
      slotBytes: number;
      bufferBytes: number;
      programs: { name: string; flops: number; kernels: { flops: number; bytes: number; buffers: object[] }[] }[];
    };
    expect(plan.totalBytes).toBe(plan.slotBytes + plan.bufferBytes);
    const [training] = plan.programs;
    expect(training!.name).toBe('train');
    expect(training!.kernels.reduce((sum, { flops }) => sum + flops, 0)).toBe(training!.flops);
    for (const kernel of training!.kernels) expect(kernel.buffers.length).toBeGreaterThan(0);
  });

  it('shows them as a table, for other settings too', async () => {
    const { code, out } = await run('plan', 'mlp-table', '--batch-size', '64', '--optimizer', 'sgd', '--library', library);
    expect(code).toBe(0);
    expect(out).toMatch(/^train +64 /m);
    expect(out).toMatch(/^Memory: [\d.]+ MiB/m);
  });
});

describe('shapes', () => {
  it('lists layers with output shape and parameters', async () => {
    const { code, json } = await run('shapes', join(networks, 'mlp.json'), '--json');
    expect(code).toBe(0);
    const { parameters, layers } = json() as { parameters: number; layers: { output: number[]; parameters: number }[] };
    expect(parameters).toBe(109_386);
    expect(layers.map((layer) => layer.output)).toEqual([
      [null, 1, 28, 28],
      [null, 784],
      [null, 128],
      [null, 64],
      [null, 10],
      [null, 10],
    ]);
    expect(layers.reduce((sum, layer) => sum + layer.parameters, 0)).toBe(parameters);
  });

  it('shows them as a table, with problems as sentences', async () => {
    const whole = await run('shapes', 'mlp.json');
    expect(whole.out).toMatch(/dense_1 +dense +B × 128 +100480/);
    const wrong = await run('shapes', 'mlp.json', '--data', 'penguins');
    expect(wrong.code).toBe(1);
    expect(wrong.err).not.toBe('');
  });

  it('knows the zoo, and what stands in its blocks', async () => {
    const { code, out } = await run('shapes', 'gpt-3');
    expect(code).toBe(0);
    expect(out).toMatch(/^decoder +block ×96 +B × 2048 × 12288 +173961510912$/m);
    expect(out).toMatch(/^ {2}self_attention_1 +selfAttention .* 604028928$/m);
    const { layers } = (await run('shapes', 'gpt-3', '--json')).json() as {
      layers: { name: string; repeat?: number; inside?: object[] }[];
    };
    expect(layers.find(({ name }) => name === 'decoder')).toMatchObject({ repeat: 96, inside: { length: 11 } });
  });
});

describe('explain', () => {
  it('gives every stage with its numbers', async () => {
    interface Tensor {
      readonly values: unknown;
    }
    interface Shown {
      readonly phase: string;
      readonly readable: Tensor;
      readonly target: Tensor;
      readonly gradients: readonly Tensor[];
      readonly parameters: readonly { readonly before: Tensor; readonly gradient: Tensor; readonly after: Tensor }[];
    }
    const numbers = ({ values }: Tensor) => [values].flat(3) as number[];
    const done = await run('explain', table, '--sample', '7', '--json', '--library', library);
    expect(done.code).toBe(0);
    const { loss, learningRate, stages } = done.json() as unknown as { loss: number; learningRate: number; stages: readonly Shown[] };
    const inPhase = (phase: string) => stages.filter((stage) => stage.phase === phase);
    expect(stages.map(({ phase }) => phase).filter((phase, i, all) => phase !== all[i - 1])).toEqual([
      'forward',
      'loss',
      'backward',
      'update',
    ]);
    const { readable, target, gradients } = inPhase('loss')[0]!;
    const probabilities = numbers(readable);
    const truth = numbers(target)[0]!;
    expect(loss).toBeCloseTo(-Math.log(probabilities[truth]!), 5);
    // Of cross-entropy by the logits: probabilities minus what is true.
    numbers(gradients[0]!).forEach((gradient, i) => expect(gradient).toBeCloseTo(probabilities[i]! - (i === truth ? 1 : 0), 5));
    // Adam's first step is as long as the learning rate, against the gradient.
    const parameters = inPhase('update').flatMap((stage) => stage.parameters);
    expect(parameters.length).toBeGreaterThan(2);
    for (const { before, gradient, after } of parameters) {
      const [starts, slopes, ends] = [numbers(before), numbers(gradient), numbers(after)];
      starts.forEach((start, i) => {
        if (Math.abs(slopes[i]!) > 1e-4) expect(ends[i]! - start).toBeCloseTo(-learningRate * Math.sign(slopes[i]!), 4);
      });
    }
  });

  it('shows the stages as lines, and says what it does not know', async () => {
    const { out } = await run('explain', table, '--steps', '2', '--library', library);
    expect(out.split('\n')[0]).toMatch(/row \d+, train mode: loss [\d.]+ before step 3, learning rate/);
    expect((await run('explain', table, '--sample', '99999', '--library', library)).err).toMatch(/no row 99999/);
    expect((await run('explain', table, '--mode', 'fast', '--library', library)).err).toMatch(
      /"--mode" expects train or evaluate, got "fast"/,
    );
  });
});

describe('zoo', () => {
  it('lists the reference architectures with counted and published parameters', async () => {
    const { code, json } = await run('zoo', '--json');
    expect(code).toBe(0);
    const models = json() as unknown as { id: string; parameters: number; layers: number; published: { parameters: number } | null }[];
    expect(models.find(({ id }) => id === 'gpt-3')).toMatchObject({ parameters: 174_604_259_328, published: { parameters: 175e9 } });
    expect((await run('zoo')).out).toMatch(/^resnet-50 +ResNet-50 +2015 +\d+ +25557032 +25.6M$/m);
  });
});

describe('train', () => {
  it('ends with one JSON line, the same for the same seed', async () => {
    const args = ['--epochs', '3', '--seed', '4', '--json'];
    const [first, second] = [await train(...args), await train(...args)];
    expect(first.code).toBe(0);
    expect(first.err.split('\n')).toHaveLength(3);
    const timeless = ({ run: _run, seconds: _seconds, ...rest }: Record<string, unknown>) => rest;
    expect(timeless(second.json())).toEqual(timeless(first.json()));
    expect(Object.keys(first.json())).toEqual(['run', 'epochs', 'train', 'validation', 'seconds']);
    expect(first.json()).toMatchObject({
      epochs: 3,
      train: { loss: expect.any(Number) as number, accuracy: expect.any(Number) as number },
    });
  });

  it('scores the test set only when asked, and the look is counted', async () => {
    const { json } = await train('--epochs', '2', '--test', '--json', '--name', 'with a look');
    const result = json();
    expect(Object.keys(result)).toEqual(['run', 'epochs', 'train', 'validation', 'test', 'seconds']);
    const runs = (await run('runs', '--library', library, '--json')).json() as unknown as {
      id: number;
      name: string;
      testLooks: number;
      epochs: number;
    }[];
    expect(runs.find(({ id }) => id === result.run)).toMatchObject({ name: 'with a look', testLooks: 1, epochs: 2 });
    expect(runs.filter(({ id }) => id !== result.run).every(({ testLooks }) => testLooks === 0)).toBe(true);
  });

  it('takes settings from a config file, overridden by options and --set', async () => {
    const first = await train('--epochs', '1', '--set', 'batchSize=50', '--set', 'optimizer.learningRate=0.01', '--json');
    expect(first.code).toBe(0);
    const { createHost } = await import('../host/host.ts');
    const host = await createHost({ libraryFolder: library, resourcesFolder: join(networks, '../..'), shell: 'cli' });
    try {
      const { config } = await host.handlers['runs.get']({ id: first.json().run as number });
      expect(config).toMatchObject({ epochs: 1, batchSize: 50, optimizer: { type: 'adam', learningRate: 0.01 } });
      const second = await train(
        '--config',
        file('config.json', JSON.stringify(config)),
        '--optimizer',
        'sgd',
        '--learning-rate',
        '0.02',
        '--json',
      );
      const other = await host.handlers['runs.get']({ id: second.json().run as number });
      expect(other.config).toMatchObject({ epochs: 1, batchSize: 50, optimizer: { type: 'sgd', learningRate: 0.02 } });
    } finally {
      await host.close();
    }
  });

  it('imports a CSV file once and binds the network to it', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => `${i % 7},${(i * 5) % 11},${['low', 'middle', 'high'][i % 3]}`);
    const csv = file('levels.csv', ['a,b,level', ...rows].join('\n'));
    const args = ['--data', csv, '--target', 'level', '--epochs', '2', '--json'];
    const first = await train(...args);
    expect(first.err).toContain('is bound to "level" of levels');
    expect(first.code).toBe(0);
    await train(...args);
    const dataSets = (await run('data', '--library', library, '--json')).json() as unknown as { id: string }[];
    expect(dataSets.filter(({ id }) => id.startsWith('levels'))).toHaveLength(1);
  });
});

describe('the real program', () => {
  it('keeps stdout to the result, stops on Ctrl-C with the run kept, and resumes it', async () => {
    let interrupted = false;
    const stopped = await spawnCli(['train', '--network', 'mlp-table', '--epochs', '20000', '--json'], (err, kill) => {
      if (!interrupted && err.includes('epoch 2/')) {
        interrupted = true;
        kill('SIGINT');
      }
    });
    expect(stopped.code).toBe(130);
    const result = JSON.parse(stopped.out.trim()) as { run: number; status: string };
    expect(result.status).toBe('stopped');

    const runs = await spawnCli(['runs', '--json']);
    expect(runs.code).toBe(0);
    expect(JSON.parse(runs.out)).toContainEqual(expect.objectContaining({ id: result.run, status: 'stopped' }));

    const resumed = await spawnCli(['train', '--resume', String(result.run)], (err, kill) => {
      if (/epoch \d/.test(err)) kill('SIGTERM');
    });
    expect(resumed.code).toBe(130);
  });

  it('says that WebGPU needs a window', async () => {
    const { code, out, err } = await train('--engine', 'webgpu');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(
      /^WebGPU computes in the app's window, which the command line does not have: choose auto, (native, )?wasm or reference\.$/,
    );
  });

  it('answers a mistake with exit code 1 and one sentence', async () => {
    expect(await spawnCli(['train', '--epoch', '3'])).toEqual({
      code: 1,
      out: '',
      err: '"train" has no option "--epoch". Did you mean "--epochs"?\n',
    });
  });
});
