import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createUploads } from './uploads.ts';

let folder: string;
beforeEach(() => (folder = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'layerbench-uploads-')), 'uploads')));
afterEach(() => {
  vi.restoreAllMocks();
  fs.rmSync(path.dirname(folder), { recursive: true, force: true });
});

const bytes = (text: string) => Buffer.from(text);

describe('uploads', () => {
  it('put chunks together in the order they came', async () => {
    const uploads = createUploads(folder);
    const { upload } = await uploads.begin('../../evil name.csv', 9);
    expect(() => uploads.get(upload)).toThrow('expected 9 bytes, got 0 so far');
    const replies = await Promise.all(['abc', 'def', 'ghi'].map((chunk) => uploads.append(upload, bytes(chunk))));
    expect(replies).toEqual([{ received: 3 }, { received: 6 }, { received: 9 }]);
    const file = uploads.get(upload);
    expect(file).toMatchObject({ fileName: '../../evil name.csv', sizeBytes: 9 });
    expect(path.dirname(file.path)).toBe(folder);
    expect(fs.readFileSync(file.path, 'utf8')).toBe('abcdefghi');
    await uploads.remove(upload);
    expect(fs.existsSync(file.path)).toBe(false);
    await uploads.remove(upload);
    expect(() => uploads.get(upload)).toThrow('This upload was cancelled');
  });

  it('refuse files that are too large, before and while they come', async () => {
    const uploads = createUploads(folder, { maxBytes: 10 * 1024 * 1024 });
    await expect(uploads.begin('big.csv', 11 * 1024 * 1024)).rejects.toThrow('big.csv has 11 MB, expected at most 10 MB.');
    const { upload } = await uploads.begin('a.csv', 3);
    await expect(uploads.append(upload, bytes('abcd'))).rejects.toThrow('expected 3 bytes, got more');
    await expect(uploads.append(upload, bytes('a'))).rejects.toThrow('cancelled');
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('take an empty file', async () => {
    const uploads = createUploads(folder);
    const { upload } = await uploads.begin('empty.csv', 0);
    expect(fs.readFileSync(uploads.get(upload).path, 'utf8')).toBe('');
  });

  it('of an earlier session are gone', async () => {
    fs.mkdirSync(folder);
    fs.writeFileSync(path.join(folder, 'old.upload'), 'x');
    const { upload } = await createUploads(folder).begin('a.csv', 0);
    expect(fs.readdirSync(folder)).toEqual([`${upload}.upload`]);
  });

  it('end when the disk is full', async () => {
    const uploads = createUploads(folder);
    const { upload } = await uploads.begin('a.csv', 3);
    vi.spyOn(fs.promises, 'appendFile').mockRejectedValue(Object.assign(new Error('write'), { code: 'ENOSPC' }));
    await expect(uploads.append(upload, bytes('abc'))).rejects.toMatchObject({ problem: { code: 'file.diskFull' } });
    expect(fs.readdirSync(folder)).toEqual([]);
  });
});
