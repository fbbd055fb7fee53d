import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import Papa from 'papaparse';
import type { CallArgs, CallName, CallResult, Reply, RunId } from '../contract/calls.ts';
import { resourcesFolder } from './folders.ts';
import { createHost } from './host.ts';
import type { Host } from './host.ts';

let folder: string;
let host: Host;
let run: RunId;

const call = async <K extends CallName>(name: K, args: CallArgs<K>): Promise<CallResult<K>> => {
  const reply = (await host.router.call(name, args)) as Reply<CallResult<K>>;
  if (!reply.ok) throw new Error(`${reply.problem.code}: ${reply.problem.message}`);
  return reply.value;
};

async function upload(fileName: string, content: string | Uint8Array): Promise<string> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const { upload: id } = await call('data.upload', { fileName, sizeBytes: bytes.length });
  for (let at = 0; at < bytes.length; at += 2 ** 20) await call('data.uploadChunk', { upload: id, bytes: bytes.slice(at, at + 2 ** 20) });
  return id;
}

async function fetched(download: string, sizeBytes: number): Promise<string> {
  const pieces: Uint8Array[] = [];
  for (let offset = 0; offset < sizeBytes;) {
    const { bytes } = await call('use.download', { download, offset });
    pieces.push(bytes);
    offset += bytes.length;
  }
  await call('use.endDownload', { download });
  return Buffer.concat(pieces).toString();
}

const table = readFileSync(join(resourcesFolder(), 'samples/penguins/penguins.csv'), 'utf8');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'layerbench-models-'));
  host = await createHost({ libraryFolder: folder, resourcesFolder: resourcesFolder(), shell: 'browser' });
  const state = await call('documents.create', { from: { sample: 'mlp-table' } });
  await call('documents.save', { id: state.id, document: state.document, config: { ...state.config!, epochs: 20 } });
  ({ id: run } = await call('runs.start', { document: state.id }));
  for (let tries = 0; (await call('runs.get', { id: run })).status !== 'completed'; tries++) {
    if (tries > 1200) throw new Error('the run never ended');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}, 120_000);

afterAll(async () => {
  await host.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a scored file', () => {
  it('keeps its columns and gets prediction and probability', async () => {
    const scored = await call('use.scoreUpload', { run, upload: await upload('penguins.csv', table), perClass: true });
    const text = await fetched(scored.download, scored.sizeBytes);
    const { data } = Papa.parse<Record<string, string>>(text.trim(), { header: true });
    const original = Papa.parse<Record<string, string>>(table.trim(), { header: true });
    expect(scored.fileName).toBe('penguins-scored.csv');
    expect(scored.rows).toBe(original.data.length);
    expect(data).toHaveLength(scored.rows);
    expect(Object.keys(data[0]!)).toEqual([...original.meta.fields!, ...scored.columns.slice(original.meta.fields!.length)]);
    expect(scored.columns).toContain('probability');
    const target = (await call('runs.get', { id: run })).config.preparation.target;
    const known = data.filter((row) => scored.counts.some(({ name }) => name === row[target]));
    const right = known.filter((row) => row.prediction === row[target]).length;
    expect(right / known.length).toBeGreaterThan(0.9);
    for (const row of data) {
      const sum = scored.counts.reduce((total, { name }) => total + Number(row[`probability ${name}`]), 0);
      expect(sum).toBeCloseTo(1, 5);
    }
    expect(scored.counts.reduce((sum, { count }) => sum + count, 0)).toBe(scored.rows);
    // The exported model says the same of a row.
    const exported = await call('use.exportModel', { run });
    const source = await fetched(exported.download, exported.sizeBytes);
    const model = (await import(/* @vite-ignore */ `data:text/javascript;base64,${Buffer.from(source).toString('base64')}`)) as {
      predict(row: object): { prediction: string; probability: number };
    };
    for (const row of data.slice(0, 40)) {
      const cells = Object.fromEntries(Object.entries(row).map(([key, cell]) => [key, ['', 'NA', 'null'].includes(cell) ? null : cell]));
      const { prediction, probability } = model.predict(cells);
      expect(prediction).toBe(row.prediction);
      expect(probability).toBeCloseTo(Number(row.probability), 4);
    }
  });

  it('says which rows have unknown categories and no numbers, and names further columns', async () => {
    const [header = '', first = '', second = ''] = table.split('\n');
    const fields = header.trim().split(',');
    const { encodings } = await encodingsOf();
    const category = encodings.find((column) => column.type === 'category')!.name;
    const number = encodings.find((column) => column.type === 'number')!.name;
    const changed = (line: string, name: string, cell: string): string =>
      line
        .trim()
        .split(',')
        .map((own, i) => (fields[i] === name ? cell : own))
        .join(',');
    const lines = [`${header.trim()},remark`, `${changed(first, category, 'Atlantis')},"a, b"`, `${changed(second, number, 'tall')},`];
    const scored = await call('use.scoreUpload', { run, upload: await upload('odd.csv', lines.join('\r\n')) });
    expect(scored.problems.map(({ code, rows }) => [code, rows])).toEqual(
      expect.arrayContaining([
        ['score.unknownCategory', [1]],
        ['score.notANumber', [2]],
        ['score.furtherColumns', undefined],
      ]),
    );
    expect(scored.head[0]).toContain('a, b');
    await call('use.endDownload', { download: scored.download });
  });

  async function encodingsOf() {
    const { config } = await call('runs.get', { id: run });
    const { columns } = await call('data.get', { id: config.data.id });
    const used = columns.filter(({ name, type }) => config.preparation.columns[name]?.use === true && type !== 'text');
    return { encodings: used };
  }

  it.each([
    ['lacks columns', 'a.csv', 'x,y\n1,2\n', 'score.missingColumns: a.csv: expected the'],
    [
      'holds images',
      'a.idx',
      Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 7),
      'score.fileKind: a.idx: this run reads a text table',
    ],
    ['is empty', 'a.csv', '\n', 'csv.empty'],
  ])('is refused where it %s', async (_, name, content, sentence) => {
    await expect(call('use.scoreUpload', { run, upload: await upload(name, content) })).rejects.toThrow(sentence);
  });

  it('may be compressed, and is refused where it is damaged', async () => {
    const packed = gzipSync(table);
    const scored = await call('use.scoreUpload', { run, upload: await upload('penguins.csv.gz', packed) });
    expect(scored).toMatchObject({ fileName: 'penguins-scored.csv', rows: 344 });
    await call('use.endDownload', { download: scored.download });
    const cut = await upload('cut.csv.gz', packed.subarray(0, 900));
    await expect(call('use.scoreUpload', { run, upload: cut })).rejects.toThrow('score.damaged: cut.csv.gz cannot be unpacked');
  });

  it('can be cancelled', async () => {
    const rows = table.trim().split('\n');
    const id = await upload('long.csv', `${rows[0]!}\n${`${rows.slice(1).join('\n')}\n`.repeat(200)}`);
    const scoring = call('use.scoreUpload', { run, upload: id });
    await call('use.cancelScore', { upload: id });
    await expect(scoring).rejects.toThrow('job.cancelled');
  });
});
