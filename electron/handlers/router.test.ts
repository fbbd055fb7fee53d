import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallArgs, CallName, CallResult, Handlers, Reply } from '../contract/calls.ts';
import { resourcesFolder } from '../host/folders.ts';
import { createHost } from '../host/host.ts';
import type { Host } from '../host/host.ts';
import { createLog } from '../host/log.ts';
import { createRouter, schemas } from './router.ts';

let folder: string;
let host: Host;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'layerbench-router-'));
  host = await createHost({ libraryFolder: folder, resourcesFolder: resourcesFolder(), shell: 'browser' });
});
afterAll(async () => {
  await host.close();
  rmSync(folder, { recursive: true, force: true });
});

const call = async <K extends CallName>(name: K, args: CallArgs<K>): Promise<CallResult<K>> => {
  const reply = (await host.router.call(name, args)) as Reply<CallResult<K>>;
  if (!reply.ok) throw new Error(reply.problem.message);
  return reply.value;
};

const refusal = async (name: unknown, args: unknown): Promise<string> => {
  const reply = await host.router.call(name, args);
  return reply.ok ? 'accepted' : reply.problem.message;
};

const cycle = {
  format: 'layerbench.network',
  version: 1,
  name: 'loop',
  nodes: [
    { id: 'a', type: 'dense', typeVersion: 1, name: 'a', params: {}, position: { x: 0, y: 0 } },
    { id: 'b', type: 'warp', typeVersion: 1, name: 'b', params: {}, position: { x: 0, y: 0 } },
  ],
  edges: [
    { id: 'e1', from: 'a', to: 'b', toPort: 0 },
    { id: 'e2', from: 'b', to: 'a', toPort: 0 },
  ],
};

describe('the door', () => {
  it('has a schema and a handler for the same calls', () => {
    expect(Object.keys(schemas).sort()).toEqual(Object.keys(host.handlers).sort());
  });

  const bad: [string, unknown, unknown, RegExp][] = [
    ['an unknown call', 'files.read', {}, /^There is no call “files.read”\.$/],
    ['a name of every object', 'constructor', {}, /^There is no call/],
    ['no name', 7, {}, /^There is no call “7”/],
    ['no arguments', 'settings.get', undefined, /^settings\.get: expected Object, got undefined\.$/],
    ['an argument too many', 'settings.get', { x: 1 }, /^settings\.get x: expected never, got "x"\.$/],
    ['a wrong type', 'runs.get', { id: '1' }, /^runs\.get id: expected number, got "1"\.$/],
    ['a wrong value deep inside', 'settings.set', { change: { theme: 'pink' } }, /^settings\.set change\.theme: expected .*"dark"/],
    ['a chunk that is no bytes', 'data.uploadChunk', { upload: 'u', bytes: [1, 2] }, /^data\.uploadChunk bytes: expected Uint8Array/],
    ['too many preview rows', 'data.preview', { id: 'penguins', offset: 0, count: 1e6 }, /^data\.preview count: expected <=1000/],
    [
      'a learning rate of zero',
      'runs.command',
      { id: 1, command: { type: 'setLearningRate', learningRate: 0 } },
      /learningRate: expected >0/,
    ],
    ['a run that is not there', 'runs.get', { id: 99 }, /^There is no run 99 in this library\.$/],
    ['a document that is not there', 'documents.open', { id: '../../etc/passwd' }, /^This network is no longer in the library\.$/],
    ['a data set that is not there', 'data.get', { id: 'mnist' }, /^There is no data set “mnist” in this library\.$/],
    ['a column that is not there', 'data.columnSummary', { id: 'penguins', column: 'Wings' }, /has no column “Wings”/],
    ['a sample that may not be deleted', 'data.delete', { id: 'penguins' }, /ships with Layerbench/],
    ['an upload that is not there', 'data.inspectCsv', { upload: 'u' }, /upload was cancelled or belongs to an earlier session/],
    ['JSON that is none', 'documents.create', { from: { json: '{' } }, /not JSON/],
    ['an empty file', 'documents.create', { from: { json: '' } }, /file is empty/],
    ['a file of something else', 'documents.create', { from: { json: '{"a":1}' } }, /layerbench\.network/],
    ['resuming a run that is not there', 'runs.resume', { id: 99 }, /^There is no run 99/],
  ];
  it.each(bad)('answers %s with a sentence', async (_name, name, args, sentence) => {
    expect(await refusal(name, args)).toMatch(sentence);
  });

  it('opens a document with a cycle and an unknown layer, and refuses to train it with a sentence', async () => {
    const { id } = await call('documents.create', { from: { json: JSON.stringify(cycle) } });
    expect(await refusal('runs.start', { document: id })).toMatch(/has no data set yet/);
    const config = await call('data.defaultConfig', { id: 'penguins', network: 'loop' });
    const { document } = await call('documents.open', { id });
    await call('documents.save', { id, document, config });
    expect(await refusal('runs.start', { document: id })).toMatch(/\S+.*\.$/);
    expect(await call('runs.list', {})).toEqual([]);
  });

  it('tells nothing of what went wrong inside, and logs it', async () => {
    const router = createRouter(
      {
        'settings.get': () => {
          throw new TypeError('secret detail');
        },
      } as unknown as Handlers,
      createLog(folder),
    );
    const reply = await router.call('settings.get', {});
    expect(reply).toMatchObject({
      ok: false,
      problem: { code: 'internal', message: 'Something went wrong inside Layerbench (settings.get).' },
    });
    expect(JSON.stringify(reply)).not.toContain('secret detail');
    expect(readFileSync(join(folder, 'layerbench.log'), 'utf8')).toMatch(/settings\.get: TypeError: secret detail\n\s+at /);
  });
});

describe('documents and settings', () => {
  it('survive a restart, with config, and go to the trash and back', async () => {
    const made = await call('documents.create', { from: { sample: 'mlp-table' } });
    expect(made.config?.data.id).toBe('penguins');
    const renamed = { ...made.document, name: 'mine' };
    await call('documents.save', {
      id: made.id,
      document: renamed,
      ...(made.config === undefined ? {} : { config: { ...made.config, epochs: 7 } }),
    });
    await call('settings.set', { change: { theme: 'dark', workspace: { open: [made.id] } } });
    await host.close();
    host = await createHost({ libraryFolder: folder, resourcesFolder: resourcesFolder(), shell: 'browser' });

    const opened = await call('documents.open', { id: made.id });
    expect(opened.document).toEqual(renamed);
    expect(opened.config?.epochs).toBe(7);
    expect(await call('settings.get', {})).toEqual({ theme: 'dark', textScale: 1, workspace: { open: [made.id] } });

    await call('documents.delete', { id: made.id });
    const ids = async (deleted: boolean): Promise<string[]> => (await call('documents.list', { deleted })).map((d) => d.id);
    expect(await ids(false)).not.toContain(made.id);
    expect(await ids(true)).toContain(made.id);
    expect(await refusal('documents.save', { id: made.id, document: renamed })).toBe('This network lies in the trash.');
    await call('documents.restore', { id: made.id });
    expect(await ids(false)).toContain(made.id);
  });
});

describe('data', () => {
  const upload = async (fileName: string, text: string): Promise<string> => {
    const bytes = new TextEncoder().encode(text);
    const { upload: id } = await call('data.upload', { fileName, sizeBytes: bytes.length });
    if (bytes.length > 0) await call('data.uploadChunk', { upload: id, bytes });
    return id;
  };
  const table = ['a,b,kind', ...Array.from({ length: 60 }, (_v, i) => `${i},${i * i},${i % 2 === 0 ? 'even' : 'odd'}`)].join('\n');

  it('comes in from a CSV, is there once, and goes to the trash and back', async () => {
    const first = await call('data.importCsv', {
      upload: await upload('n.csv', table),
      name: 'Numbers',
      hasHeader: true,
      target: 'kind',
      types: {},
    });
    expect(first).toMatchObject({ id: 'numbers', rowCount: 60, defaultTarget: 'kind' });
    const again = await call('data.importCsv', {
      upload: await upload('copy.csv', table),
      name: 'Copy',
      hasHeader: true,
      target: 'b',
      types: {},
    });
    expect(again).toMatchObject({ id: 'numbers', name: 'Numbers', defaultTarget: 'b' });
    await call('data.delete', { id: 'numbers' });
    expect(await refusal('data.get', { id: 'numbers' })).toMatch(/lies in the trash/);
    expect((await call('data.list', { deleted: true })).map((info) => info.id)).toEqual(['numbers']);
    await call('data.restore', { id: 'numbers' });
    expect((await call('data.preview', { id: 'numbers', offset: 58, count: 5 })).rows).toEqual([
      { row: 58, cells: ['58', '3364', 'even'] },
      { row: 59, cells: ['59', '3481', 'odd'] },
    ]);
  });

  it.each([
    ['a ragged row', 'r.csv', 'a,b\n1,2\n3,4,5\n6,7', /r\.csv.*(line|row).*3/i],
    ['an empty file', 'e.csv', '', /e\.csv.*empty/],
    ['a binary file', 'b.csv', '\u0000\u0001\u0002PNG\u0000\u0000', /b\.csv/],
  ])('answers %s with a sentence', async (_name, fileName, text, sentence) => {
    expect(await refusal('data.inspectCsv', { upload: await upload(fileName, text) })).toMatch(sentence);
  });
});
