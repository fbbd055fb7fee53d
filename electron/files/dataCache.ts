/**
 * A data set as one binary file, named by its content hash, so that a worker reads it without parsing anything:
 * magic (8 bytes), header length (u32 LE), header JSON, then each column's bytes and the edges of a graph, aligned to 64.
 * Written to a temporary name, flushed, renamed; checked when read.
 */
import { createHash, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Column, DataSet, DataSetInfo } from '../../core/data/dataSet.ts';
import { raise } from '../../core/problem.ts';
import { byteLengthOf, bytesOf, columnFrom, viewBytes } from './columnBytes.ts';
import { raiseFileError } from './fileProblem.ts';

const magic = Buffer.from('LBDATA01', 'latin1');
const alignment = 64;
const extension = '.lbdata';

interface Header {
  readonly info: DataSetInfo;
  /** From the first aligned byte after the header. */
  readonly columns: readonly Place[];
  readonly edges?: Place;
}

interface Place {
  readonly offset: number;
  readonly sizeBytes: number;
}

/** The file of a data set in the library's folder for data. */
export function dataFile(folder: string, hash: string): string {
  return path.join(folder, hash + extension);
}

export function hasDataSet(folder: string, hash: string): boolean {
  return fs.existsSync(dataFile(folder, hash));
}

/**
 * The data's version: SHA-256 over what training can see, columns, edges and given test set, not over the name or how
 * the file was called.
 */
export function hashDataSet(info: Omit<DataSetInfo, 'hash'>, columns: readonly Column[], edges?: Int32Array): string {
  const hash = createHash('sha256');
  const { kind, rowCount, testFrom, partColumn } = info;
  // What only some data sets have stands only in theirs, so that the versions of the others stay as they are.
  hash.update(
    JSON.stringify({
      kind,
      rowCount,
      testFrom: testFrom ?? null,
      columns: columns.map(identityOf),
      ...(info.edges !== undefined && { edges: info.edges }),
      ...(partColumn !== undefined && { partColumn }),
    }),
  );
  for (const column of columns) for (const bytes of bytesOf(column)) hash.update(bytes);
  if (edges !== undefined) hash.update(viewBytes(edges));
  return hash.digest('hex');
}

/** What of a column's description is not computed from its values. */
function identityOf(column: Column): unknown {
  const { name, type, categories, imageShape, unit, vectorSize, graph } = column.info;
  return {
    name,
    type,
    categories: categories ?? null,
    imageShape: imageShape ?? null,
    unit: unit ?? null,
    ...(vectorSize !== undefined && { vectorSize }),
    ...(graph !== undefined && { graph }),
  };
}

/** @param dataSet with its hash in `info` @returns the file; an existing one with the same content is kept */
export async function writeDataSet(
  folder: string,
  dataSet: DataSet,
  temporary = path.join(folder, `.${randomUUID()}.tmp`),
): Promise<string> {
  const { info } = dataSet;
  const file = dataFile(folder, info.hash);
  try {
    await fs.promises.mkdir(folder, { recursive: true });
    if (fs.existsSync(file)) return file;
    const handle = await fs.promises.open(temporary, 'wx');
    try {
      await writeAll(handle, dataSet);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await fs.promises.rename(temporary, file);
    await syncFolder(folder);
    return file;
  } catch (error) {
    await fs.promises.rm(temporary, { force: true }).catch(() => undefined);
    raiseFileError(error, `Saving the data set ${info.name}`, file);
  }
}

async function writeAll(handle: fs.promises.FileHandle, { info, columns, edges }: DataSet): Promise<void> {
  let offset = 0;
  const placeFor = (sizeBytes: number): Place => {
    const place = { offset, sizeBytes };
    offset = align(offset + sizeBytes);
    return place;
  };
  const places = columns.map((column) => placeFor(byteLengthOf(column)));
  const edgesPlace = edges === undefined ? undefined : placeFor(edges.byteLength);
  const header = Buffer.from(
    JSON.stringify({ info, columns: places, ...(edgesPlace !== undefined && { edges: edgesPlace }) } satisfies Header),
  );
  const start = Buffer.alloc(align(magic.length + 4 + header.length));
  magic.copy(start);
  start.writeUInt32LE(header.length, magic.length);
  header.copy(start, magic.length + 4);
  await writeFully(handle, start);
  for (const [i, column] of columns.entries()) {
    for (const bytes of bytesOf(column)) await writeFully(handle, bytes);
    await fill(handle, places[i]!);
  }
  if (edges !== undefined && edgesPlace !== undefined) {
    await writeFully(handle, viewBytes(edges));
    await fill(handle, edgesPlace);
  }
}

/** Zeros up to the next aligned byte. */
async function fill(handle: fs.promises.FileHandle, { sizeBytes }: Place): Promise<void> {
  await writeFully(handle, Buffer.alloc(align(sizeBytes) - sizeBytes));
}

async function writeFully(handle: fs.promises.FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += (await handle.write(bytes, at, bytes.length - at)).bytesWritten;
}

/** So that the renamed entry survives a power cut; not every system lets a folder be opened. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await fs.promises.open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

/** @throws ProblemError where the file is missing, cut short or changed */
export async function readDataSet(folder: string, hash: string): Promise<DataSet> {
  return readDataFile(dataFile(folder, hash));
}

/** The columns are views on one buffer that holds the file. */
export async function readDataFile(file: string): Promise<DataSet> {
  let bytes: Uint8Array;
  try {
    bytes = await readAligned(file);
  } catch (error) {
    raiseFileError(error, 'Reading a data set', file);
  }
  const damaged = (what: string): never =>
    raise({
      code: 'data.damaged',
      message: `${path.basename(file)}: the stored data set is damaged: ${what}.`,
      where: { kind: 'file', file },
      hint: 'Delete the data set and import it again.',
    });
  if (bytes.length < magic.length + 4 || !magic.equals(bytes.subarray(0, magic.length))) damaged('it does not start as one');
  const headerLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(magic.length, true);
  const dataStart = align(magic.length + 4 + headerLength);
  if (dataStart > bytes.length) damaged('its header is cut short');
  let header: Header;
  try {
    header = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset + magic.length + 4, headerLength).toString()) as Header;
  } catch {
    return damaged('its header cannot be read');
  }
  const { info } = header;
  const columns = info.columns.map((column, i): Column => {
    const place = header.columns[i];
    const from = dataStart + (place?.offset ?? Infinity);
    if (place === undefined || from + place.sizeBytes > bytes.length) return damaged(`column "${column.name}" is cut short`);
    return columnFrom(column, info.rowCount, bytes, from, place.sizeBytes) ?? damaged(`column "${column.name}" has the wrong size`);
  });
  const edges = edgesFrom(header, bytes, dataStart, damaged);
  if (hashDataSet(info, columns, edges) !== info.hash) damaged('its content does not match its checksum');
  return { info, columns, ...(edges !== undefined && { edges }) };
}

function edgesFrom(
  { info, edges: place }: Header,
  bytes: Uint8Array,
  dataStart: number,
  damaged: (what: string) => never,
): Int32Array | undefined {
  if (info.edges === undefined) return undefined;
  const from = dataStart + (place?.offset ?? Infinity);
  if (place === undefined || from + place.sizeBytes > bytes.length) return damaged('the list of edges is cut short');
  if (place.sizeBytes !== 8 * info.edges.count) return damaged('the list of edges has the wrong size');
  return new Int32Array(bytes.buffer, from, 2 * info.edges.count);
}

async function readAligned(file: string): Promise<Uint8Array> {
  const handle = await fs.promises.open(file, 'r');
  try {
    const { size } = await handle.stat();
    const bytes = new Uint8Array(size);
    for (let at = 0; at < size;) {
      const { bytesRead } = await handle.read(bytes, at, Math.min(size - at, 64 * 1024 * 1024), at);
      if (bytesRead === 0) return bytes.subarray(0, at);
      at += bytesRead;
    }
    return bytes;
  } finally {
    await handle.close();
  }
}

function align(offset: number): number {
  return Math.ceil(offset / alignment) * alignment;
}

// The file's numbers are little-endian, as every machine Layerbench runs on.
if (os.endianness() !== 'LE') throw new Error('Layerbench needs a little-endian machine.');
