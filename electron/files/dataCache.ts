/**
 * A data set as one binary file, named by its content hash, so that a worker reads it without parsing anything:
 * magic (8 bytes), header length (u32 LE), header JSON, then each column's bytes, aligned to 64.
 * Text columns are n + 1 offsets (u32) and UTF-8. Written to a temporary name, flushed, renamed; checked when read.
 */
import { createHash, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EncodedTextColumn } from '../../core/data/columnBuilder.ts';
import type { Column, ColumnInfo, DataSet, DataSetInfo } from '../../core/data/dataSet.ts';
import { raise } from '../../core/problem.ts';
import { raiseFileError } from './fileProblem.ts';

const magic = Buffer.from('LBDATA01', 'latin1');
const alignment = 64;
const extension = '.lbdata';

interface Header {
  readonly info: DataSetInfo;
  /** From the first aligned byte after the header. */
  readonly columns: readonly { readonly offset: number; readonly sizeBytes: number }[];
}

/** The file of a data set in the library's folder for data. */
export function dataFile(folder: string, hash: string): string {
  return path.join(folder, hash + extension);
}

export function hasDataSet(folder: string, hash: string): boolean {
  return fs.existsSync(dataFile(folder, hash));
}

/**
 * The data's version: SHA-256 over what training can see, columns and given test set, not over the name or how the
 * file was called.
 */
export function hashDataSet(info: Omit<DataSetInfo, 'hash'>, columns: readonly Column[]): string {
  const hash = createHash('sha256');
  hash.update(
    JSON.stringify({ kind: info.kind, rowCount: info.rowCount, testFrom: info.testFrom ?? null, columns: columns.map(identityOf) }),
  );
  for (const column of columns) for (const bytes of bytesOf(column)) hash.update(bytes);
  return hash.digest('hex');
}

/** What of a column's description is not computed from its values. */
function identityOf(column: Column): unknown {
  const { name, type, categories, imageShape, unit } = column.info;
  return { name, type, categories: categories ?? null, imageShape: imageShape ?? null, unit: unit ?? null };
}

/** @param dataSet with its hash in `info` @returns the file; an existing one with the same content is kept */
export async function writeDataSet(
  folder: string,
  dataSet: DataSet,
  temporary = path.join(folder, `.${randomUUID()}.tmp`),
): Promise<string> {
  const { info, columns } = dataSet;
  const file = dataFile(folder, info.hash);
  try {
    await fs.promises.mkdir(folder, { recursive: true });
    if (fs.existsSync(file)) return file;
    const handle = await fs.promises.open(temporary, 'wx');
    try {
      await writeAll(handle, info, columns);
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

async function writeAll(handle: fs.promises.FileHandle, info: DataSetInfo, columns: readonly Column[]): Promise<void> {
  let offset = 0;
  const parts = columns.map((column) => {
    const sizeBytes = byteLengthOf(column);
    const place = { offset, sizeBytes };
    offset = align(offset + sizeBytes);
    return place;
  });
  const header = Buffer.from(JSON.stringify({ info, columns: parts } satisfies Header));
  const start = Buffer.alloc(align(magic.length + 4 + header.length));
  magic.copy(start);
  start.writeUInt32LE(header.length, magic.length);
  header.copy(start, magic.length + 4);
  await writeFully(handle, start);
  for (const [i, column] of columns.entries()) {
    for (const bytes of bytesOf(column)) await writeFully(handle, bytes);
    const { sizeBytes } = parts[i]!;
    await writeFully(handle, Buffer.alloc(align(sizeBytes) - sizeBytes));
  }
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

const textsPerPiece = 4_096;

/** A column's bytes in the order of the file, in pieces so that long text columns need no second copy. */
function* bytesOf(column: Column): Generator<Uint8Array> {
  if (column.type !== 'text') {
    yield new Uint8Array(column.values.buffer, column.values.byteOffset, column.values.byteLength);
    return;
  }
  const lengths = textLengths(column);
  const offsets = new Uint32Array(lengths.length + 1);
  for (let i = 0; i < lengths.length; i++) offsets[i + 1] = offsets[i]! + lengths[i]!;
  yield new Uint8Array(offsets.buffer);
  if (column instanceof EncodedTextColumn) yield* column.encoded.blocks;
  else for (let i = 0; i < column.values.length; i += textsPerPiece) yield Buffer.from(column.values.slice(i, i + textsPerPiece).join(''));
}

function byteLengthOf(column: Column): number {
  if (column.type !== 'text') return column.values.byteLength;
  const lengths = textLengths(column);
  const bytes = lengths.reduce((sum, length) => sum + length, 0);
  if (bytes > 0xffff_ffff)
    raise({
      code: 'data.textTooLong',
      message: `Column "${column.info.name}" holds more than 4 GB of text.`,
      where: { kind: 'column', column: column.info.name },
      hint: 'Remove the column from the file.',
    });
  return 4 * (lengths.length + 1) + bytes;
}

function textLengths(column: Extract<Column, { type: 'text' }>): Int32Array {
  return column instanceof EncodedTextColumn ? column.encoded.lengths : Int32Array.from(column.values, (text) => Buffer.byteLength(text));
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
  if (hashDataSet(info, columns) !== info.hash) damaged('its content does not match its checksum');
  return { info, columns };
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

function columnFrom(info: ColumnInfo, rowCount: number, bytes: Uint8Array, from: number, sizeBytes: number): Column | undefined {
  const { buffer } = bytes;
  switch (info.type) {
    case 'number':
      return sizeBytes === 8 * rowCount ? { info, type: 'number', values: new Float64Array(buffer, from, rowCount) } : undefined;
    case 'category':
      return sizeBytes === 4 * rowCount ? { info, type: 'category', values: new Int32Array(buffer, from, rowCount) } : undefined;
    case 'image':
      return sizeBytes === rowCount * (info.imageShape ?? []).reduce((n, size) => n * size, 1)
        ? { info, type: 'image', values: bytes.subarray(from, from + sizeBytes) }
        : undefined;
    case 'text':
      return textColumn(info, rowCount, bytes, from, sizeBytes);
    default:
      return info.type satisfies never;
  }
}

function textColumn(info: ColumnInfo, rowCount: number, bytes: Uint8Array, from: number, sizeBytes: number): Column | undefined {
  const textFrom = 4 * (rowCount + 1);
  if (sizeBytes < textFrom) return undefined;
  const offsets = new Uint32Array(bytes.buffer, from, rowCount + 1);
  if (offsets[0] !== 0 || offsets[rowCount] !== sizeBytes - textFrom || offsets.some((end, i) => i > 0 && end < offsets[i - 1]!))
    return undefined;
  const text = Buffer.from(bytes.buffer, from + textFrom, sizeBytes - textFrom);
  const values = Array.from({ length: rowCount }, (_, row) => text.toString('utf8', offsets[row], offsets[row + 1]));
  return { info, type: 'text', values };
}

function align(offset: number): number {
  return Math.ceil(offset / alignment) * alignment;
}

// The file's numbers are little-endian, as every machine Layerbench runs on.
if (os.endianness() !== 'LE') throw new Error('Layerbench needs a little-endian machine.');
