/** The data sets that come with Layerbench: listed from their index without reading them, read when they are used. */
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { readCsv } from '../../core/data/csv.ts';
import { rowCountOf } from '../../core/data/columns.ts';
import type { Column, ColumnInfo, DataSet, DataSetInfo } from '../../core/data/dataSet.ts';
import { readIdx } from '../../core/data/idx.ts';
import type { IdxArray } from '../../core/data/idx.ts';
import { textColumn } from '../../core/data/text.ts';
import { raise } from '../../core/problem.ts';
import { hashDataSet } from './dataCache.ts';
import { readGraph, readGraphs } from './graphSamples.ts';
import { raiseFileError } from './fileProblem.ts';

const gunzip = promisify(zlib.gunzip);

/** What a person decided about a sample; `scripts/samples` computes the rest of the index from its files. */
export interface SampleRecipe {
  readonly id: string;
  readonly name: string;
  readonly kind: DataSetInfo['kind'];
  /**
   * Within the samples' folder. Images: images and labels, then those of the test set if one is given; tables: one CSV;
   * texts: one file in UTF-8; graphs: see graphSamples.ts.
   */
  readonly files: readonly string[];
  readonly description: string;
  readonly licence: string;
  readonly licenceFile: string;
  readonly defaultTarget: string;
  /** Image sets: names of the label codes. */
  readonly classNames?: readonly string[];
  /** The category column that says which part a row belongs to. */
  readonly partColumn?: string;
}

export interface SampleEntry extends SampleRecipe {
  readonly rowCount: number;
  readonly columns: readonly ColumnInfo[];
  readonly testFrom?: number;
  /** Kind `graph`. */
  readonly edges?: NonNullable<DataSetInfo['edges']>;
  readonly hash: string;
}

interface SampleIndex {
  readonly samples: readonly SampleEntry[];
}

export function samplesFolder(resourcesFolder: string): string {
  return path.join(resourcesFolder, 'samples');
}

function readIndex(resourcesFolder: string): readonly SampleEntry[] {
  const file = path.join(samplesFolder(resourcesFolder), 'index.json');
  try {
    return (JSON.parse(fs.readFileSync(file, 'utf8')) as SampleIndex).samples;
  } catch (error) {
    if (error instanceof SyntaxError)
      raise({
        code: 'sample.index',
        message: `${file}: the list of sample data sets cannot be read.`,
        where: { kind: 'file', file },
        hint: 'Install Layerbench again.',
      });
    raiseFileError(error, 'Reading the list of sample data sets', file);
  }
}

/** Complete descriptions, without opening the data. */
export function listSamples(resourcesFolder: string): DataSetInfo[] {
  return readIndex(resourcesFolder).map(infoOf);
}

function infoOf(entry: SampleEntry): DataSetInfo {
  const { id, name, hash, kind, rowCount, columns, testFrom, edges, partColumn, defaultTarget, description, licence } = entry;
  return {
    id,
    name,
    hash,
    origin: 'sample',
    kind,
    rowCount,
    columns,
    ...(edges !== undefined && { edges }),
    ...(testFrom !== undefined && { testFrom }),
    ...(partColumn !== undefined && { partColumn }),
    defaultTarget,
    description,
    licence,
  };
}

export async function loadSample(resourcesFolder: string, id: string): Promise<DataSet> {
  const index = readIndex(resourcesFolder);
  const entry = index.find((candidate) => candidate.id === id);
  if (entry === undefined)
    raise({
      code: 'sample.unknown',
      message: `There is no sample data set "${id}".`,
      hint: `There are ${index.map((candidate) => candidate.id).join(', ')}.`,
    });
  const dataSet = await buildSample(entry, samplesFolder(resourcesFolder));
  if (dataSet.info.hash !== entry.hash) {
    raise({
      code: 'sample.damaged',
      message: `The files of the sample data set ${entry.name} were changed or damaged.`,
      where: { kind: 'file', file: entry.files[0] ?? '' },
      hint: 'Install Layerbench again.',
    });
  }
  return { ...dataSet, info: infoOf(entry) };
}

/** Reads a sample's files; also used by the script that writes the index. */
export async function buildSample(recipe: SampleRecipe, folder: string): Promise<DataSet> {
  const files = await Promise.all(recipe.files.map((name) => readSampleFile(path.join(folder, name))));
  const { columns, testFrom, edges } = contentOf(recipe, files);
  const rowCount = rowCountOf(columns[0]!);
  const { id, name, kind, description, licence, defaultTarget, partColumn } = recipe;
  const info = {
    id,
    name,
    origin: 'sample',
    kind,
    rowCount,
    columns: columns.map((column) => column.info),
    ...(edges !== undefined && { edges: { count: edges.length / 2, directed: false } }),
    ...(testFrom !== undefined && { testFrom }),
    ...(partColumn !== undefined && { partColumn }),
    defaultTarget,
    description,
    licence,
  } as const;
  return { info: { ...info, hash: hashDataSet(info, columns, edges) }, columns, ...(edges !== undefined && { edges }) };
}

async function readSampleFile(file: string): Promise<Uint8Array> {
  try {
    const bytes = await fs.promises.readFile(file);
    return file.endsWith('.gz') ? await gunzip(bytes) : bytes;
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith('Z_') === true)
      raise({
        code: 'sample.damaged',
        message: `${path.basename(file)} is damaged: it cannot be decompressed.`,
        where: { kind: 'file', file },
        hint: 'Install Layerbench again.',
      });
    raiseFileError(error, 'Reading a sample data set', file);
  }
}

interface SampleContent {
  readonly columns: readonly Column[];
  readonly testFrom?: number | undefined;
  readonly edges?: Int32Array;
}

function contentOf(recipe: SampleRecipe, files: readonly Uint8Array[]): SampleContent {
  switch (recipe.kind) {
    case 'images':
      return imageColumns(recipe, files);
    case 'text':
      return { columns: [textColumn(new TextDecoder().decode(files[0]), recipe.files[0]!)] };
    case 'table':
      return { columns: tableColumns(recipe, files) };
    case 'graph':
      return readGraph(files.map((bytes, i) => ({ name: recipe.files[i]!, bytes })));
    case 'graphs':
      return { columns: readGraphs({ name: recipe.files[0]!, bytes: files[0]! }) };
    default:
      return recipe.kind satisfies never;
  }
}

function tableColumns(recipe: SampleRecipe, files: readonly Uint8Array[]): readonly Column[] {
  return readCsv(() => files, { file: recipe.files[0]!, hasHeader: true }).columns;
}

function imageColumns(recipe: SampleRecipe, files: readonly Uint8Array[]): { columns: readonly Column[]; testFrom: number | undefined } {
  const arrays = files.map((bytes, i) => readIdx(bytes, recipe.files[i]!));
  const categories = recipe.classNames ?? [];
  for (let i = 0; i < arrays.length; i += 2) checkPair(recipe, arrays[i]!, arrays[i + 1]!, i, categories.length);
  const images = arrays.filter((_, i) => i % 2 === 0);
  const codes = arrays.filter((_, i) => i % 2 === 1);
  const [trainCount, height, width] = images[0]!.shape as [number, number, number];
  const labels = Int32Array.from(codes.flatMap((array) => [...array.values]));
  const image: Column = {
    info: { name: 'image', type: 'image', missing: 0, imageShape: [1, height, width] },
    type: 'image',
    values: Buffer.concat(images.map((array) => array.values)),
  };
  const label: Column = {
    info: { name: recipe.defaultTarget, type: 'category', missing: 0, categories, distinct: new Set(labels).size },
    type: 'category',
    values: labels,
  };
  return { columns: [image, label], testFrom: arrays.length > 2 ? trainCount : undefined };
}

function checkPair(recipe: SampleRecipe, images: IdxArray, labels: IdxArray, fileIndex: number, classes: number): void {
  const file = recipe.files[fileIndex + 1]!;
  const fits = images.shape.length === 3 && labels.shape.length === 1 && images.shape[0] === labels.shape[0];
  if (!fits)
    raise({
      code: 'sample.damaged',
      message: `${file}: expected one label per image of ${recipe.files[fileIndex]!}, got ${labels.shape.join(' × ')} labels for ${images.shape.join(' × ')} pixels.`,
      where: { kind: 'file', file },
    });
  const wrong = labels.values.findIndex((code) => code >= classes);
  if (wrong >= 0)
    raise({
      code: 'sample.damaged',
      message: `${file}: expected labels from 0 to ${classes - 1}, got ${labels.values[wrong]} at image ${wrong}.`,
      where: { kind: 'file', file, byte: 8 + wrong },
    });
}
