/**
 * How a column lies in a stored data set: numbers as they are in memory, text as n + 1 offsets (u32) and UTF-8, graphs as
 * their counts of nodes and edges, features and edges one after the other.
 */
import { Buffer } from 'node:buffer';
import { EncodedTextColumn } from '../../core/data/columnBuilder.ts';
import type { Column, ColumnInfo, GraphValues } from '../../core/data/dataSet.ts';
import { raise } from '../../core/problem.ts';

export function viewBytes({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

const textsPerPiece = 4_096;

/** A column's bytes in the order of the file, in pieces so that long text columns need no second copy. */
export function* bytesOf(column: Column): Generator<Uint8Array> {
  if (column.type === 'graph') {
    for (const part of graphParts(column.values)) yield viewBytes(part);
    return;
  }
  if (column.type !== 'text') {
    yield viewBytes(column.values);
    return;
  }
  const lengths = textLengths(column);
  const offsets = new Uint32Array(lengths.length + 1);
  for (let i = 0; i < lengths.length; i++) offsets[i + 1] = offsets[i]! + lengths[i]!;
  yield new Uint8Array(offsets.buffer);
  if (column instanceof EncodedTextColumn) yield* column.encoded.blocks;
  else for (let i = 0; i < column.values.length; i += textsPerPiece) yield Buffer.from(column.values.slice(i, i + textsPerPiece).join(''));
}

export function byteLengthOf(column: Column): number {
  if (column.type === 'graph') return graphParts(column.values).reduce((sum, part) => sum + part.byteLength, 0);
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

function graphParts({ nodeCounts, edgeCounts, features, edges }: GraphValues): readonly (Int32Array | Float32Array)[] {
  return [nodeCounts, edgeCounts, features, edges];
}

/** A view on stored bytes; undefined where their number does not fit the description. */
export function columnFrom(info: ColumnInfo, rowCount: number, bytes: Uint8Array, from: number, sizeBytes: number): Column | undefined {
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
    case 'vector': {
      const count = rowCount * (info.vectorSize ?? 0);
      return sizeBytes === 4 * count ? { info, type: 'vector', values: new Float32Array(buffer, from, count) } : undefined;
    }
    case 'graph':
      return graphColumn(info, rowCount, bytes, from, sizeBytes);
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

function graphColumn(info: ColumnInfo, rowCount: number, bytes: Uint8Array, from: number, sizeBytes: number): Column | undefined {
  const { nodes, edges, features } = info.graph ?? { nodes: 0, edges: 0, features: 0 };
  const sizes = [rowCount, rowCount, rowCount * nodes * features, rowCount * edges * 2];
  if (sizeBytes !== 4 * sizes.reduce((sum, size) => sum + size, 0)) return undefined;
  const starts = sizes.map((_, i) => from + 4 * sizes.slice(0, i).reduce((sum, size) => sum + size, 0));
  const integers = (part: number) => new Int32Array(bytes.buffer, starts[part], sizes[part]);
  const values = {
    nodeCounts: integers(0),
    edgeCounts: integers(1),
    features: new Float32Array(bytes.buffer, starts[2], sizes[2]),
    edges: integers(3),
  };
  return { info, type: 'graph', values };
}
