import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Column, DataSet } from '../../core/data/dataSet.ts';
import { dataFile, hasDataSet, hashDataSet, readDataFile, readDataSet, writeDataSet } from './dataCache.ts';

let folder: string;
beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'layerbench-cache-'))));
afterEach(() => {
  vi.restoreAllMocks();
  fs.rmSync(folder, { recursive: true, force: true });
});

function sample(name = 'Sample'): DataSet {
  const columns: Column[] = [
    { info: { name: 'x', type: 'number', missing: 1, unit: 'g' }, type: 'number', values: Float64Array.of(1.5, NaN, -0, 1e300) },
    { info: { name: 'c', type: 'category', missing: 1, categories: ['a', 'ü'] }, type: 'category', values: Int32Array.of(0, 1, -1, 1) },
    { info: { name: 't', type: 'text', missing: 1 }, type: 'text', values: ['é', '', 'zwei 😀', 'x'] },
    {
      info: { name: 'i', type: 'image', missing: 0, imageShape: [1, 1, 3] },
      type: 'image',
      values: Uint8Array.from({ length: 12 }, (_, i) => 20 * i),
    },
  ];
  const info = {
    id: 's',
    name,
    origin: 'csv',
    kind: 'table',
    rowCount: 4,
    columns: columns.map((column) => column.info),
    testFrom: 3,
    description: 'd',
  } as const;
  return { info: { ...info, hash: hashDataSet(info, columns) }, columns };
}

function graphSample(): DataSet {
  const columns: Column[] = [
    { info: { name: 'v', type: 'vector', missing: 0, vectorSize: 2 }, type: 'vector', values: Float32Array.of(1, 0, 0.5, -1) },
    {
      info: { name: 'g', type: 'graph', missing: 0, graph: { nodes: 3, edges: 2, features: 1 } },
      type: 'graph',
      values: {
        nodeCounts: Int32Array.of(3, 2),
        edgeCounts: Int32Array.of(2, 1),
        features: Float32Array.of(1, 2, 3, 4, 5, 0),
        edges: Int32Array.of(0, 1, 1, 2, 0, 1, 0, 0),
      },
    },
  ];
  const edges = Int32Array.of(0, 1, 1, 1, 1, 0);
  const info = {
    id: 'g',
    name: 'Graph',
    origin: 'sample',
    kind: 'graph',
    rowCount: 2,
    columns: columns.map((column) => column.info),
    edges: { count: 3, directed: true },
    description: 'd',
  } as const;
  return { info: { ...info, hash: hashDataSet(info, columns, edges) }, columns, edges };
}

describe('the stored data set', () => {
  it('comes back as it was', async () => {
    const dataSet = sample();
    const file = await writeDataSet(path.join(folder, 'new', 'data'), dataSet);
    expect(await readDataFile(file)).toEqual(dataSet);
    expect(await readDataSet(path.dirname(file), dataSet.info.hash)).toEqual(dataSet);
    expect(hasDataSet(path.dirname(file), dataSet.info.hash)).toBe(true);
    expect(hasDataSet(path.dirname(file), 'other')).toBe(false);
    expect(fs.readdirSync(path.dirname(file))).toEqual([`${dataSet.info.hash}.lbdata`]);
  });

  it('keeps vectors, graphs and edges', async () => {
    const dataSet = graphSample();
    const file = await writeDataSet(folder, dataSet);
    expect(await readDataFile(file)).toEqual(dataSet);
    const { info, columns } = dataSet;
    expect(hashDataSet(info, columns, Int32Array.of(0, 1, 1, 1, 0, 1))).not.toBe(info.hash);
    expect(hashDataSet({ ...info, edges: { count: 3, directed: false } }, columns, dataSet.edges)).not.toBe(info.hash);
    expect(hashDataSet({ ...info, partColumn: 'v' }, columns, dataSet.edges)).not.toBe(info.hash);
    const good = fs.readFileSync(file);
    fs.writeFileSync(file, good.subarray(0, good.length - 64));
    await expect(readDataFile(file)).rejects.toThrow('the list of edges is cut short');
  });

  it('has a hash of what training sees, not of its name', () => {
    const { info, columns } = sample();
    expect(hashDataSet({ ...info, name: 'other', description: 'x' }, columns)).toBe(info.hash);
    expect(hashDataSet({ ...info, testFrom: 2 }, columns)).not.toBe(info.hash);
    const number = columns[0] as Extract<Column, { type: 'number' }>;
    expect(hashDataSet(info, [{ ...number, values: Float64Array.of(1.5, NaN, -0, 1) }, ...columns.slice(1)])).not.toBe(info.hash);
    expect(hashDataSet(info, [{ ...number, info: { ...number.info, name: 'y' } }, ...columns.slice(1)])).not.toBe(info.hash);
  });

  it('is noticed when it is damaged', async () => {
    const dataSet = sample();
    const file = await writeDataSet(folder, dataSet);
    const good = fs.readFileSync(file);
    const cases: [string, Buffer, string][] = [
      ['empty', Buffer.alloc(0), 'does not start as one'],
      ['another file', Buffer.from('PNG, not a data set at all'), 'does not start as one'],
      ['cut in the header', good.subarray(0, 40), 'its header is cut short'],
      ['cut in a column', good.subarray(0, good.length - 64), 'is cut short'],
      ['no JSON', Buffer.concat([good.subarray(0, 12), Buffer.from('x'), good.subarray(13)]), 'its header cannot be read'],
    ];
    const flipped = Buffer.from(good);
    flipped[good.length - 60]! ^= 1;
    cases.push(['one bit changed', flipped, 'does not match its checksum']);
    for (const [, bytes, sentence] of cases) {
      fs.writeFileSync(file, bytes);
      await expect(readDataFile(file)).rejects.toThrow(sentence);
    }
    fs.rmSync(file);
    await expect(readDataSet(folder, dataSet.info.hash)).rejects.toMatchObject({ problem: { code: 'file.missing' } });
  });

  it('leaves nothing behind when the disk is full', async () => {
    const open = fs.promises.open;
    vi.spyOn(fs.promises, 'open').mockImplementation(async (...args) => {
      const handle = await open(...args);
      if (args[1] === 'wx') handle.write = () => Promise.reject(Object.assign(new Error('write'), { code: 'ENOSPC' }));
      return handle;
    });
    await expect(writeDataSet(folder, sample())).rejects.toMatchObject({
      problem: { code: 'file.diskFull', message: 'Saving the data set Sample: the disk is full.' },
    });
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('keeps the file that is there', async () => {
    const dataSet = sample();
    const file = await writeDataSet(folder, dataSet);
    const { ino } = fs.statSync(file);
    await writeDataSet(folder, sample('Renamed'));
    expect(fs.statSync(file).ino).toBe(ino);
    expect(file).toBe(dataFile(folder, dataSet.info.hash));
  });
});
