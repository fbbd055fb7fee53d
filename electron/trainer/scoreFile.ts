/**
 * Scores a file with a run: rows are read, predicted and written in pieces, so that neither the file nor its result stands in
 * memory as a whole. Runs in a thread (modelFileWorker.ts).
 */
import fs from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { detectEncoding, type TextEncoding } from '../../core/data/csvBytes.ts';
import { detectCsvFormat, type CsvFormat } from '../../core/data/csvFormat.ts';
import { CsvRows, piecesFromStart } from '../../core/data/csvRows.ts';
import { looksLikeIdx } from '../../core/data/idx.ts';
import { decodeUtf8 } from '../../core/data/utf8.ts';
import { raise } from '../../core/problem.ts';
import { openPredictor, type Predictor } from '../../core/use/predict.ts';
import { createScoreOutput, csvCell, type ScoreOutput } from '../../core/use/scoreOutput.ts';
import { scoreSchema, type ScoreSchema } from '../../core/use/scoreSchema.ts';
import { createRowEncoder } from '../../core/use/scoreTable.ts';
import type { ScoredFile } from '../contract/calls.ts';
import { csvHeadBytes, NotUtf8, readPieces, type CsvProgress } from '../files/csvPieces.ts';
import { raiseFileError } from '../files/fileProblem.ts';
import { createEngine, useEngine } from './createEngine.ts';
import type { TrainedReference } from './protocol.ts';
import { loadTrained } from './loadTrained.ts';
import { createScoreWriter, unpackedName, type ScoreWriter } from './scoreWriter.ts';
import { scoreImages } from './scoreImages.ts';

export interface ScoreFileJob {
  readonly run: TrainedReference;
  readonly path: string;
  /** As the user knows it, for messages. */
  readonly fileName: string;
  /** Where the result is written. */
  readonly outPath: string;
  /** A column per class, too. */
  readonly perClass: boolean;
}

export type ScoreFileResult = Omit<ScoredFile, 'download' | 'fileName' | 'sizeBytes'>;

/** Rows predicted at once. */
const batchSize = 256;
/** Bytes of the file whose rows wait for their prediction. */
const sliceBytes = 64 * 1024;

/** @throws ProblemError where the file does not fit the run */
export async function scoreFile(job: ScoreFileJob, onProgress: CsvProgress): Promise<ScoreFileResult> {
  const { config } = job.run;
  const trained = await loadTrained(job.run);
  const schema = scoreSchema(trained);
  // Windows with a graphics card may be gone by now; the processor gives the same answers.
  const engine = createEngine(config.engine.kind === 'webgpu' ? { ...config.engine, kind: 'auto' } : config.engine);
  return useEngine(engine, async () => {
    const predictor = await openPredictor(engine, trained, { batchSize });
    const source = await openSource(job);
    try {
      if (looksLikeIdx(source.head) || schema.image !== undefined) return await scoreImages(job, schema, predictor, source, onProgress);
      return await scoreText(job, schema, predictor, source, onProgress);
    } finally {
      fs.closeSync(source.file);
      fs.rmSync(unpackedName(job.outPath), { force: true });
    }
  });
}

export interface ScoreSource {
  readonly file: number;
  readonly sizeBytes: number;
  readonly head: Uint8Array;
}

/** A compressed file is unpacked beside the result first. */
async function openSource({ path, fileName, outPath }: ScoreFileJob): Promise<ScoreSource> {
  try {
    const source = openFile(path);
    if (source.head[0] !== 0x1f || source.head[1] !== 0x8b) return source;
    fs.closeSync(source.file);
    await unpack(path, unpackedName(outPath), fileName);
    return openFile(unpackedName(outPath));
  } catch (error) {
    return raiseFileError(error, `Reading ${fileName}`, fileName);
  }
}

function openFile(path: string): ScoreSource {
  const file = fs.openSync(path, 'r');
  const sizeBytes = fs.fstatSync(file).size;
  const head = new Uint8Array(Math.min(csvHeadBytes, sizeBytes));
  fs.readSync(file, head, 0, head.length, 0);
  return { file, sizeBytes, head };
}

/** A small file may unpack to anything. */
const mostUnpackedBytes = 4 * 2 ** 30;

async function unpack(from: string, to: string, fileName: string): Promise<void> {
  let size = 0;
  const where = { kind: 'file', file: fileName } as const;
  try {
    await pipeline(
      fs.createReadStream(from),
      createGunzip(),
      async function* (pieces: AsyncIterable<Buffer>) {
        for await (const piece of pieces) {
          size += piece.length;
          if (size > mostUnpackedBytes) {
            raise({ code: 'score.unpacked', message: `${fileName} unpacks to more than 4 GB.`, where, hint: 'Divide the file.' });
          }
          yield piece;
        }
      },
      fs.createWriteStream(to),
    );
  } catch (error) {
    fs.rmSync(to, { force: true });
    const { code = '' } = error as { code?: string };
    if (!code.startsWith('Z_')) throw error;
    raise({
      code: 'score.damaged',
      message: `${fileName} cannot be unpacked: it is damaged or cut short.`,
      where,
      hint: 'Copy the file again.',
    });
  }
}

async function scoreText(
  job: ScoreFileJob,
  schema: ScoreSchema,
  predictor: Predictor,
  source: ScoreSource,
  onProgress: CsvProgress,
): Promise<ScoreFileResult> {
  const encoding = detectEncoding(source.head, job.fileName);
  try {
    return await scoreEncoded(job, schema, predictor, source, encoding, onProgress);
  } catch (error) {
    if (!(error instanceof NotUtf8)) throw error;
    return scoreEncoded(job, schema, predictor, source, 'windows-1252', onProgress);
  }
}

async function scoreEncoded(
  job: ScoreFileJob,
  schema: ScoreSchema,
  predictor: Predictor,
  { file, sizeBytes }: ScoreSource,
  encoding: TextEncoding,
  onProgress: CsvProgress,
): Promise<ScoreFileResult> {
  let scorer: TextScorer | undefined;
  try {
    for (const { bytes, whole } of piecesFromStart(readPieces(file, sizeBytes, encoding, onProgress))) {
      scorer ??= createTextScorer(job, schema, predictor, findFormat(schema, bytes, whole, job.fileName));
      for (let at = 0; at < bytes.length; at += sliceBytes) await scorer.take(bytes.subarray(at, at + sliceBytes));
    }
    if (scorer === undefined) throw new Error('A file has at least one piece.');
    return await scorer.end();
  } finally {
    scorer?.close();
  }
}

/** A first row with the names of the run's columns is a header, whatever stands below it. */
function findFormat(schema: ScoreSchema, beginning: Uint8Array, whole: boolean, file: string): CsvFormat {
  const sample = decodeUtf8(beginning, 0, beginning.length);
  const named = detectCsvFormat(sample, whole, { file, hasHeader: true });
  return schema.columns.every(({ name }) => named.columnNames.includes(name)) ? named : detectCsvFormat(sample, whole, { file });
}

interface TextScorer {
  take(slice: Uint8Array): Promise<void>;
  end(): Promise<ScoreFileResult>;
  close(): void;
}

function createTextScorer(job: ScoreFileJob, schema: ScoreSchema, predictor: Predictor, format: CsvFormat): TextScorer {
  const { width } = schema;
  const encoder = createRowEncoder(schema, format, job.fileName);
  const output = createScoreOutput(schema, format.columnNames, job.perClass);
  const writer = createScoreWriter(job.outPath, [...format.columnNames, ...output.columns], format.delimiter);
  const texts: string[] = [];
  let features = new Float32Array(batchSize * width);
  const rows = new CsvRows(format, job.fileName, {
    raw: (bytes, from, to) => void texts.push(decodeUtf8(bytes, from, to)),
    row(bytes, bounds) {
      const at = (texts.length - 1) * width;
      if (at + width > features.length) {
        const larger = new Float32Array(2 * features.length);
        larger.set(features);
        features = larger;
      }
      encoder.encode(bytes, bounds, features, at);
    },
  });
  /** Whole batches of what waits; all of it at the end. */
  const predict = async (all: boolean): Promise<void> => {
    const count = all ? texts.length : texts.length - (texts.length % batchSize);
    if (count === 0) return;
    await predictRows(predictor, output, writer, {
      count,
      inputs: (i) => new Map([['features', features.subarray(i * width, (i + 1) * width)]]),
      text: (i) => texts[i]!,
      separator: format.delimiter,
    });
    features.copyWithin(0, count * width, texts.length * width);
    features.fill(0, (texts.length - count) * width, texts.length * width);
    texts.splice(0, count);
  };
  return {
    async take(slice) {
      rows.push(slice);
      await predict(false);
    },
    async end() {
      rows.end();
      await predict(true);
      return resultOf(output, writer, rows.rowCount, encoder.problems());
    },
    close: () => writer.close(),
  };
}

export interface RowsToPredict {
  readonly count: number;
  inputs(i: number): ReadonlyMap<string, Float32Array>;
  /** What stands before the prediction. */
  text(i: number): string;
  readonly separator: string;
}

export async function predictRows(
  predictor: Predictor,
  output: ScoreOutput,
  writer: ScoreWriter,
  { count, inputs, text, separator }: RowsToPredict,
): Promise<void> {
  const { values } = await predictor.predict(Array.from({ length: count }, (_, i) => inputs(i)));
  for (let i = 0; i < count; i++) {
    const cells = output.cells(values, i * predictor.units).map((cell) => csvCell(cell, separator));
    writer.row(`${text(i)}${separator}${cells.join(separator)}`);
  }
}

export function resultOf(
  output: ScoreOutput,
  writer: ScoreWriter,
  rowCount: number,
  problems: ScoreFileResult['problems'],
): ScoreFileResult {
  if (rowCount === 0) raise({ code: 'csv.noRows', message: 'There are no rows to score.', hint: 'Choose another file.' });
  writer.finish();
  const range = output.range();
  return {
    rows: rowCount,
    columns: writer.columns,
    head: writer.head,
    counts: output.counts(),
    ...(range === undefined ? {} : { range }),
    problems,
  };
}
