import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DataSet, GraphValues } from '../../core/data/dataSet.ts';
import { edgeHomophily, inDegrees, mirroredEdges } from '../../core/data/graph.ts';
import { readGraph, readGraphs } from './graphSamples.ts';
import { loadSample } from './samples.ts';

const resources = path.resolve(import.meta.dirname, '../../resources');
const bytes = (text: string) => new TextEncoder().encode(text);

function codesOf(dataSet: DataSet, name: string): Int32Array {
  return dataSet.columns.find(({ info }) => info.name === name)!.values as Int32Array;
}

describe('graphs that come with the app', () => {
  it('hold the karate club: 78 friendships, the two leaders known', async () => {
    const dataSet = await loadSample(resources, 'karate');
    expect(dataSet.info).toMatchObject({ kind: 'graph', rowCount: 34, edges: { count: 78, directed: false }, partColumn: 'part' });
    const degrees = inDegrees(mirroredEdges(dataSet.edges!, 34), 34);
    // The degrees that the literature gives: 16 for the instructor, 17 for the officer, 12 for member 33.
    expect([degrees[0], degrees[33], degrees[32], degrees[11]]).toEqual([16, 17, 12, 1]);
    expect(degrees.reduce((sum, degree) => sum + degree)).toBe(156);
    const part = dataSet.columns[2]!;
    const train = [...codesOf(dataSet, 'part')].flatMap((code, row) => (part.info.categories![code] === 'train' ? [row] : []));
    expect(train).toEqual([0, 33]);
    const identity = dataSet.columns[3]!;
    expect(identity.info).toMatchObject({ type: 'vector', vectorSize: 34 });
    (identity.values as Float32Array).forEach((value, i) => expect(value).toBe(Math.floor(i / 34) === i % 34 ? 1 : 0));
  });

  it('hold a part of WordNet of about the size of Cora, in which neighbours share the class', async () => {
    const dataSet = await loadSample(resources, 'wordnet');
    expect(dataSet.info).toMatchObject({ kind: 'graph', rowCount: 2709, edges: { count: 4054, directed: false } });
    const both = mirroredEdges(dataSet.edges!, 2709);
    expect(both.length / 2).toBe(2 * 4054);
    expect(Math.min(...inDegrees(both, 2709))).toBeGreaterThan(0);
    expect(edgeHomophily(both, codesOf(dataSet, 'class'))).toBeGreaterThan(0.9);
    expect(dataSet.columns.at(-1)!.info).toMatchObject({ name: 'words', type: 'vector', vectorSize: 1433 });
    const part = dataSet.columns[2]!;
    const counts = part.info.categories!.map((name, code) => [name, codesOf(dataSet, 'part').filter((own) => own === code).length]);
    expect(Object.fromEntries(counts)).toEqual({ train: 140, validation: 500, test: 2069 });
  });

  it('hold motifs that neither size nor number of edges tells apart', async () => {
    const dataSet = await loadSample(resources, 'motifs');
    const { nodeCounts, edgeCounts, edges } = dataSet.columns[0]!.values as GraphValues;
    const { graph } = dataSet.columns[0]!.info;
    expect(graph).toEqual({ nodes: 25, edges: 26, features: 1 });
    nodeCounts.forEach((nodes, row) => {
      // A tree of n − 5 nodes, the motif's six edges and one between.
      expect(edgeCounts[row]).toBe(nodes - 5 - 1 + 6 + 1);
      const own = edges.subarray(row * 52, row * 52 + 2 * edgeCounts[row]!);
      expect(mirroredEdges(own, nodes).length).toBe(4 * edgeCounts[row]!);
    });
  });
});

describe('files of graphs', () => {
  const nodes = { name: 'n.csv', bytes: bytes('y\na\nb\n') };
  const edges = { name: 'e.csv', bytes: bytes('from,to\n0,1\n1,1\n') };
  const vectors = { name: 'v.txt', bytes: bytes('words: up down left\n0 2\n\n') };

  it('are read', () => {
    const read = readGraph([nodes, edges, vectors]);
    expect([...read.edges]).toEqual([0, 1, 1, 1]);
    expect(read.columns[1]).toMatchObject({ info: { name: 'words', vectorSize: 3 }, values: Float32Array.of(1, 0, 1, 0, 0, 0) });
  });

  it.each([
    [
      'an edge to nowhere',
      [nodes, { ...edges, bytes: bytes('from,to\n0,1\n1,2\n') }, vectors],
      'e.csv: edge 2: expected nodes from 0 to 1, got 2.',
    ],
    ['a row too few', [nodes, edges, { ...vectors, bytes: bytes('words: up down\n0\n') }], 'v.txt: expected 2 rows, got 1.'],
    [
      'an unknown place',
      [nodes, edges, { ...vectors, bytes: bytes('words: up down\n0\n2\n') }],
      'v.txt: row 2: expected places from 0 to 1, got 2.',
    ],
  ] as const)('are refused with %s', (_, files, message) => {
    expect(() => readGraph(files)).toThrow(message);
  });

  it('are refused where a graph names a node it lacks', () => {
    const file = { name: 'g.csv', bytes: bytes('motif,nodes,edges\na,2,0-1\nb,2,0-2\n') };
    expect(() => readGraphs(file)).toThrow('g.csv: edge 1: expected nodes from 0 to 1, got 2.');
  });
});
