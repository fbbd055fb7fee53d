/** For every task a data set and a network so small that a step takes a millisecond. */
import type { Column, ColumnInfo, DataSet, Task } from '../data/dataSet.ts';
import type { NetworkDocument, ParamValues } from '../graph/document.ts';
import { defaultRunConfig } from '../train/defaults.ts';
import type { RunConfig } from '../train/runConfig.ts';
import { setConfigPath } from '../train/runConfigSchema.ts';
import { draw } from './documents.ts';

export interface TaskCase {
  readonly dataSet: DataSet;
  readonly document: NetworkDocument;
  readonly config: RunConfig;
}

function dataSetOf(
  kind: DataSet['info']['kind'],
  columns: readonly Column[],
  target: string,
  rowCount: number,
  more: Partial<DataSet> = {},
): DataSet {
  const info = { id: kind, name: kind, hash: kind, origin: 'sample', kind, rowCount, description: '', defaultTarget: target } as const;
  return {
    info: { ...info, columns: columns.map((column) => column.info), ...more.info },
    columns,
    ...(more.edges && { edges: more.edges }),
  };
}

function category(name: string, categories: readonly string[], values: Int32Array): Column {
  return { type: 'category', values, info: { name, type: 'category', missing: 0, categories, distinct: categories.length } };
}

function number(name: string, values: Float64Array, more: Partial<ColumnInfo> = {}): Column {
  return { type: 'number', values, info: { name, type: 'number', missing: 0, range: { min: -1, max: 1 }, ...more } };
}

function table(rows: number): DataSet {
  const x = Float64Array.from({ length: rows }, (_, i) => Math.sin(i / 3));
  const yesNo = (shift: number) => Float64Array.from(x, (value, i) => (value + ((i * shift) % 5) / 5 > 0.4 ? 1 : 0));
  const flag: Partial<ColumnInfo> = { range: { min: 0, max: 1 }, distinct: 2, integers: true };
  return dataSetOf(
    'table',
    [
      number('x', x),
      number(
        'y',
        Float64Array.from({ length: rows }, (_, i) => Math.cos(i / 5)),
      ),
      category(
        'sign',
        ['minus', 'plus'],
        Int32Array.from(x, (value) => (value > 0 ? 1 : 0)),
      ),
      number('warm', yesNo(2), flag),
      number('wet', yesNo(3), flag),
    ],
    'sign',
    rows,
  );
}

function images(rows: number): DataSet {
  const label = Int32Array.from({ length: rows }, (_, i) => i % 2);
  const values = Uint8Array.from({ length: rows * 16 }, (_, i) => {
    const [row, place] = [Math.floor(i / 16), i % 16];
    return (label[row] === 0 ? place < 8 : place >= 8) ? 200 + (row % 50) : row % 50;
  });
  const image: Column = { type: 'image', values, info: { name: 'image', type: 'image', missing: 0, imageShape: [1, 4, 4] } };
  return dataSetOf('images', [image, category('half', ['upper', 'lower'], label)], 'half', rows);
}

/** a b c d a b c d ..., now and then with one letter twice. */
function text(rows: number): DataSet {
  const values = new Int32Array(rows);
  for (let i = 1; i < rows; i++) values[i] = (values[i - 1]! + (i % 13 === 0 ? 0 : 1)) % 4;
  return dataSetOf('text', [category('character', ['a', 'b', 'c', 'd'], values)], 'character', rows);
}

function pairs(rows: number): DataSet {
  const reads = Array.from({ length: rows }, (_, i) => ['ab', 'ba', 'aab', 'bba'][i % 4]!);
  const column = (name: string, values: readonly string[], alphabet: string): Column => ({
    type: 'text',
    values,
    info: { name, type: 'text', missing: 0, alphabet, longest: 3 },
  });
  const writes = reads.map((read) => [...read].map((letter) => (letter === 'a' ? 'x' : 'y')).join(''));
  return dataSetOf('table', [column('read', reads, 'ab'), column('written', writes, 'xy')], 'written', rows);
}

/** Two rings of nodes joined by one edge. */
function graph(): DataSet {
  const nodes = 12;
  const edges = Array.from({ length: nodes }, (_, i) => [i, i < 6 ? (i + 1) % 6 : 6 + ((i + 1) % 6)]).flat();
  const vector: Column = {
    type: 'vector',
    values: Float32Array.from({ length: nodes * 3 }, (_, i) => Math.sin(5 * i)),
    info: { name: 'numbers', type: 'vector', missing: 0, vectorSize: 3 },
  };
  const ring = category(
    'ring',
    ['left', 'right'],
    Int32Array.from({ length: nodes }, (_, i) => (i < 6 ? 0 : 1)),
  );
  const base = dataSetOf('graph', [vector, ring], 'ring', nodes);
  return { ...base, info: { ...base.info, edges: { count: nodes + 1, directed: false } }, edges: Int32Array.of(...edges, 0, 6) };
}

const dense = (units: number, activation = 'linear'): ParamValues => ({ units, activation });

interface Sketch {
  readonly data: () => DataSet;
  readonly nodes: string;
  readonly edges: string;
  readonly params: Readonly<Record<string, ParamValues>>;
  readonly settings?: Readonly<Record<string, string>>;
}

const features = { in: { role: 'features' } };

const sketches: { readonly [K in Task]: Sketch } = {
  classification: {
    data: () => table(60),
    nodes: 'in:input h:dense d:dense out:output',
    edges: 'in>h h>d d>out',
    params: { ...features, h: dense(6, 'tanh'), d: dense(2), out: { role: 'sign' } },
  },
  regression: {
    data: () => table(60),
    nodes: 'in:input h:dense d:dense out:output',
    edges: 'in>h h>d d>out',
    params: { ...features, h: dense(6, 'tanh'), d: dense(1), out: { role: 'y' } },
    settings: { 'preparation.target': 'y' },
  },
  multiLabel: {
    data: () => table(60),
    nodes: 'in:input h:dense d:dense out:output',
    edges: 'in>h h>d d>out',
    params: { ...features, h: dense(6, 'tanh'), d: dense(2), out: { role: 'labels' } },
    settings: { task: 'multiLabel', 'task.labels': 'warm, wet' },
  },
  sequenceLabelling: {
    data: () => table(90),
    nodes: 'in:input r:gru d:dense out:output',
    edges: 'in>r r>d d>out',
    params: { in: { role: 'sequence' }, r: { units: 5, returns: 'sequence' }, d: dense(2), out: { role: 'sign' } },
    settings: { task: 'sequenceLabelling', 'task.steps': '4' },
  },
  nextToken: {
    data: () => text(200),
    nodes: 'in:input e:embedding r:rnn d:dense out:output',
    edges: 'in>e e>r r>d d>out',
    params: {
      in: { role: 'character' },
      e: { vocabulary: 4, features: 4 },
      r: { units: 6, returns: 'sequence' },
      d: dense(4),
      out: { role: 'character' },
    },
    settings: { 'task.steps': '5' },
  },
  forecasting: {
    data: () => table(90),
    nodes: 'in:input r:lstm d:dense out:output',
    edges: 'in>r r>d d>out',
    params: { in: { role: 'sequence' }, r: { units: 5 }, d: dense(2), out: { role: 'y' } },
    settings: { 'preparation.target': 'y', task: 'forecasting', 'task.past': '4', 'task.horizon': '2' },
  },
  sequenceToSequence: {
    data: () => pairs(60),
    nodes: 'in:input so:input e:embedding f:embedding enc:gru dec:gru d:dense out:output',
    edges: 'in>e so>f e>enc f>dec enc>dec dec>d d>out',
    params: {
      in: { role: 'read' },
      so: { role: 'written so far' },
      e: { vocabulary: 5, features: 4 },
      f: { vocabulary: 5, features: 4 },
      enc: { units: 8, returns: 'state' },
      dec: { units: 8, returns: 'sequence' },
      d: dense(5),
      out: { role: 'written' },
    },
  },
  nodeClassification: {
    data: graph,
    nodes: 'in:input ed:input g:gcn k:gcn out:output',
    edges: 'in>g ed>g g>k ed>k k>out',
    params: { in: { role: 'nodes' }, ed: { role: 'edges' }, g: { units: 6, activation: 'relu' }, k: { units: 2 }, out: { role: 'ring' } },
  },
  autoencoding: {
    data: () => images(40),
    nodes: 'in:input f:flatten m:dense v:dense z:gaussianLatent d:dense out:output',
    edges: 'in>f f>m f>v m>z v>z z>d d>out',
    params: { in: { role: 'image' }, m: dense(2), v: dense(2), d: dense(16), out: { role: 'image' } },
    settings: { task: 'autoencoding', loss: 'binaryCrossEntropy' },
  },
  adversarial: {
    data: () => images(40),
    nodes: 'z:input g:dense s:reshape f:flatten d:dense drawn:output in:input f2:flatten d2:dense real:output',
    edges: 'z>g g>s s>f f>d d>drawn in>f2 f2>d2 d2>real',
    params: {
      z: { role: 'noise' },
      g: dense(16, 'tanh'),
      s: { shape: '1 × 4 × 4' },
      d: dense(1),
      d2: dense(1),
      drawn: { role: 'drawn' },
      in: { role: 'image' },
      real: { role: 'real' },
    },
    settings: { task: 'adversarial', 'task.latent': '3' },
  },
  diffusion: {
    data: () => images(40),
    nodes: 'in:input t:input c:input w:timestepEmbedding e:embedding fe:flatten f:flatten j:concat h:dense d:dense out:output',
    edges: 'in>f t>w c>e e>fe f>j w>j fe>j j>h h>d d>out',
    params: {
      in: { role: 'noisy image' },
      t: { role: 'step' },
      c: { role: 'class' },
      w: { features: 4 },
      e: { vocabulary: 3, features: 2 },
      h: dense(24, 'relu'),
      d: dense(16),
      out: { role: 'noise' },
    },
    settings: { task: 'diffusion', 'task.classes': 'true', 'task.steps': '20' },
  },
};

export function taskCase(task: Task): TaskCase {
  const { data, nodes, edges, params, settings = {} } = sketches[task];
  const dataSet = data();
  const drawn = draw(nodes, edges, params);
  // The discriminator stands twice with one set of weights.
  const document =
    task !== 'adversarial'
      ? drawn
      : { ...drawn, nodes: drawn.nodes.map((node) => (node.id === 'd2' ? { ...node, weightsOf: 'd' } : node)) };
  const start = defaultRunConfig(dataSet.info, { network: 'test' });
  const all = { ...settings, epochs: '6', batchSize: '8', 'optimizer.learningRate': '0.02' };
  const config = Object.entries(all).reduce((done, [path, value]) => setConfigPath(done, path, value, dataSet.info), start);
  return { dataSet, document, config };
}
