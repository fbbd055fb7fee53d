/**
 * Graphs among the sample data sets. One large graph: a CSV of its nodes, a CSV of its edges (`from,to`, rows of the first)
 * and indicator vectors. Many graphs: a CSV with a class, a number of nodes and the edges as `0-1 1-2` per row.
 */
import { readCsv } from '../../core/data/csv.ts';
import type { Column, TableColumn } from '../../core/data/dataSet.ts';
import { raise } from '../../core/problem.ts';

interface NamedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** @param files nodes, edges, vectors */
export function readGraph(files: readonly NamedFile[]): { columns: readonly Column[]; edges: Int32Array } {
  const [nodes, edges, vectors] = files;
  if (nodes === undefined || edges === undefined || vectors === undefined) throw new Error('a graph has three files');
  const columns = tableOf(nodes).columns;
  const rowCount = columns[0]?.values.length ?? 0;
  return { columns: [...columns, readVectors(vectors, rowCount)], edges: readEdges(edges, rowCount) };
}

function tableOf({ name, bytes }: NamedFile, types: Readonly<Record<string, 'number' | 'category' | 'text'>> = {}) {
  return readCsv(() => [bytes], { file: name, hasHeader: true, types });
}

function readEdges(file: NamedFile, nodeCount: number): Int32Array {
  const [from, to] = tableOf(file, { from: 'number', to: 'number' }).columns.map(numbersOf);
  if (from === undefined || to === undefined) damaged(file, 'expected two columns, from and to');
  const edges = new Int32Array(2 * from.length);
  for (let i = 0; i < from.length; i++) {
    edges[2 * i] = nodeIn(file, from[i]!, nodeCount, i);
    edges[2 * i + 1] = nodeIn(file, to[i]!, nodeCount, i);
  }
  return edges;
}

function numbersOf(column: TableColumn): Float64Array {
  return column.type === 'number' ? column.values : new Float64Array(0);
}

function nodeIn(file: NamedFile, node: number, nodeCount: number, edge: number): number {
  if (Number.isInteger(node) && node >= 0 && node < nodeCount) return node;
  damaged(file, `edge ${edge + 1}: expected nodes from 0 to ${nodeCount - 1}, got ${node}`);
}

/**
 * Zeros and ones, a line per row with the places of its ones; the first line has the column's name and, behind a colon, the
 * names of the places.
 */
function readVectors(file: NamedFile, rowCount: number): Column {
  const lines = new TextDecoder().decode(file.bytes).replace(/\n$/, '').split('\n');
  const [name = '', places = ''] = (lines[0] ?? '').split(': ');
  const vectorSize = places.split(' ').length;
  if (lines.length !== rowCount + 1) damaged(file, `expected ${rowCount} rows, got ${lines.length - 1}`);
  const values = new Float32Array(rowCount * vectorSize);
  for (let row = 0; row < rowCount; row++) {
    for (const word of (lines[row + 1] ?? '').split(' ').filter(Boolean)) {
      const place = Number(word);
      if (!(place >= 0 && place < vectorSize)) damaged(file, `row ${row + 1}: expected places from 0 to ${vectorSize - 1}, got ${word}`);
      values[row * vectorSize + place] = 1;
    }
  }
  return { info: { name, type: 'vector', missing: 0, vectorSize }, type: 'vector', values };
}

/** Every node has the one feature 1: only how they are connected tells graphs apart. */
export function readGraphs(file: NamedFile): readonly Column[] {
  const [label, counts, texts] = tableOf(file, { nodes: 'number', edges: 'text' }).columns;
  if (label === undefined || counts?.type !== 'number' || texts?.type !== 'text') damaged(file, 'expected a class, nodes and edges');
  const rows = counts.values.length;
  const lists = texts.values.map((text) => text.split(' ').map((edge) => edge.split('-').map(Number)));
  const nodes = Math.max(...counts.values);
  const most = Math.max(...lists.map((list) => list.length));
  const values = {
    nodeCounts: Int32Array.from(counts.values),
    edgeCounts: Int32Array.from(lists, (list) => list.length),
    features: new Float32Array(rows * nodes),
    edges: new Int32Array(rows * most * 2),
  };
  for (const [row, list] of lists.entries()) {
    const count = values.nodeCounts[row]!;
    values.features.fill(1, row * nodes, row * nodes + count);
    for (const [i, [from = NaN, to = NaN]] of list.entries()) {
      values.edges[2 * (row * most + i)] = nodeIn(file, from, count, i);
      values.edges[2 * (row * most + i) + 1] = nodeIn(file, to, count, i);
    }
  }
  const graph = { nodes, edges: most, features: 1 };
  return [{ info: { name: 'graph', type: 'graph', missing: 0, graph }, type: 'graph', values }, label];
}

function damaged(file: NamedFile, what: string): never {
  raise({
    code: 'sample.damaged',
    message: `${file.name}: ${what}.`,
    where: { kind: 'file', file: file.name },
    hint: 'Install Layerbench again.',
  });
}
