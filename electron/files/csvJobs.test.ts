import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importCsv, inspectCsv } from './csvJobs.ts';
import { readDataSet } from './dataCache.ts';

let folder: string;
beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'layerbench-csv-'))));
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

function file(content: string | Uint8Array, name = 'my data.csv'): { path: string; fileName: string } {
  const where = path.join(folder, `upload-${Math.random()}`);
  fs.writeFileSync(where, content);
  return { path: where, fileName: name };
}

const into = () => ({ folder: path.join(folder, 'data'), id: 'my-data', name: 'my data' });

describe('inspectCsv', () => {
  it('says how a file would be read', async () => {
    const source = file('id;größe (cm);klasse\n1;1,5;a\n2;2,5;b\n');
    expect(await inspectCsv(source)).toEqual({
      fileName: 'my data.csv',
      sizeBytes: fs.statSync(source.path).size,
      delimiter: ';',
      hasHeader: true,
      rowCount: 2,
      columns: [
        { name: 'id', type: 'number', missing: 0, range: { min: 1, max: 2 }, integers: true, increasing: true, distinct: 2 },
        {
          name: 'größe (cm)',
          type: 'number',
          missing: 0,
          range: { min: 1.5, max: 2.5 },
          integers: false,
          increasing: true,
          distinct: 2,
          unit: 'cm',
        },
        { name: 'klasse', type: 'category', missing: 0, distinct: 2, categories: ['a', 'b'] },
      ],
      rows: [
        ['1', '1,5', 'a'],
        ['2', '2,5', 'b'],
      ],
      suggestedTarget: 'klasse',
    });
  });

  it('passes on why a file is refused', async () => {
    await expect(inspectCsv(file('a,b\n1,2\n3\n'))).rejects.toMatchObject({ problem: { code: 'csv.raggedRow', where: { line: 3 } } });
  });

  it('refuses a file that is gone', async () => {
    await expect(inspectCsv({ path: path.join(folder, 'none'), fileName: 'none.csv' })).rejects.toMatchObject({
      problem: { code: 'file.missing', message: 'Reading none.csv: none.csv does not exist.' },
    });
  });
});

describe('importCsv', () => {
  it('refuses a column as numbers of which every cell would be lost', async () => {
    const source = file('a,b,c\n1,x,p\n2,y,q\n3,7,p\n');
    await expect(importCsv({ ...source, ...into(), types: { c: 'number' } })).rejects.toMatchObject({
      problem: { code: 'column.notNumbers', message: expect.stringContaining('column "c"') as unknown },
    });
    // One number among other cells stays possible: the others become gaps, which the preview counts.
    const info = await importCsv({ ...source, ...into(), types: { b: 'number' } });
    expect(info.columns[1]).toMatchObject({ type: 'number', missing: 2 });
  });

  it('puts the columns into the library under their hash', async () => {
    const source = file(`x,grade\n${Array.from({ length: 40 }, (_, i) => `${i / 3},${i % 3}`).join('\n')}\n`);
    const info = await importCsv({ ...source, ...into() });
    expect(info).toMatchObject({
      id: 'my-data',
      name: 'my data',
      origin: 'csv',
      kind: 'table',
      rowCount: 40,
      defaultTarget: 'grade',
      description: '40 rows from my data.csv',
    });
    // Few whole numbers as a target are classes ...
    expect(info.columns[1]).toMatchObject({ type: 'category', categories: ['0', '1', '2'] });
    const dataSet = await readDataSet(into().folder, info.hash);
    expect(dataSet.info).toEqual(info);
    expect((dataSet.columns[1]!.values as Int32Array)[4]).toBe(1);
    expect(fs.readdirSync(into().folder)).toEqual([`${info.hash}.lbdata`]);
    // ... unless the user says otherwise, and only as a target.
    expect((await importCsv({ ...source, ...into(), types: { grade: 'number' } })).columns[1]!.type).toBe('number');
    expect((await importCsv({ ...source, ...into(), target: 'x' })).columns[1]!.type).toBe('number');
    // The same file again is the same data.
    expect((await importCsv({ ...source, ...into(), name: 'other' })).hash).toBe(info.hash);
    await expect(importCsv({ ...source, ...into(), target: 'z' })).rejects.toThrow(
      'my data.csv has no column "z" to predict. Its columns are x, grade.',
    );
  });

  it('keeps texts', async () => {
    const texts = Array.from({ length: 25_000 }, (_, i) => `Straße ${i}`);
    const info = await importCsv({ ...file(`t,y\n${texts.map((text, i) => `${text},${i % 2}`).join('\n')}\n`), ...into() });
    const { columns } = await readDataSet(into().folder, info.hash);
    expect(columns[0]!.values).toEqual(texts);
  });

  it('reports progress, and stops within 100 ms when cancelled', async () => {
    const line = `${'1.25,2.5,3.75,abc,'.repeat(4)}x\n`;
    const source = file(line.repeat(400_000));
    const sizeBytes = fs.statSync(source.path).size;
    const controller = new AbortController();
    const reports: { done: number; total: number }[] = [];
    let abortedMs = 0;
    const job = importCsv(
      { ...source, ...into() },
      {
        signal: controller.signal,
        onProgress: (progress) => {
          reports.push(progress);
          if (progress.done > sizeBytes / 10 && abortedMs === 0) {
            abortedMs = performance.now();
            controller.abort();
          }
        },
      },
    );
    await expect(job).rejects.toMatchObject({ problem: { code: 'job.cancelled' } });
    const tookMs = performance.now() - abortedMs;
    expect(reports[0]!.total).toBe(sizeBytes);
    // 100 ms on an idle machine; a busy one may take longer to end a thread.
    expect(tookMs).toBeLessThan(500);
    expect(
      fs
        .readdirSync(folder)
        .filter((name) => !name.startsWith('upload-'))
        .flatMap((name) => fs.readdirSync(path.join(folder, name))),
    ).toEqual([]);
    await expect(importCsv({ ...source, ...into() }, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      problem: { code: 'job.cancelled' },
    });
  });
});
