/** Scores the images of an IDX file: a row per image with its number and what was predicted. */
import fs from 'node:fs';
import { looksLikeIdx, maxIdxHeaderBytes, readIdxHeader } from '../../core/data/idx.ts';
import { raise } from '../../core/problem.ts';
import type { Predictor } from '../../core/use/predict.ts';
import { createScoreOutput } from '../../core/use/scoreOutput.ts';
import type { ScoreSchema } from '../../core/use/scoreSchema.ts';
import type { CsvProgress } from '../files/csvPieces.ts';
import { predictRows, resultOf, type ScoreFileJob, type ScoreFileResult, type ScoreSource } from './scoreFile.ts';
import { createScoreWriter } from './scoreWriter.ts';

export async function scoreImages(
  job: ScoreFileJob,
  schema: ScoreSchema,
  predictor: Predictor,
  { file, sizeBytes, head }: ScoreSource,
  onProgress: CsvProgress,
): Promise<ScoreFileResult> {
  const { image } = schema;
  const { fileName } = job;
  const where = { kind: 'file', file: fileName } as const;
  const isIdx = looksLikeIdx(head);
  if (image === undefined || !isIdx || schema.columns.length > 0) {
    const columns = `a text table with the columns ${schema.columns.map(({ name }) => name).join(', ')}`;
    const expected = image === undefined ? columns : `an IDX file of images ${image.shape.join(' × ')}`;
    const both = image !== undefined && schema.columns.length > 0;
    raise({
      code: 'score.fileKind',
      message: `${fileName}: this run reads ${both ? `images and columns, which no single file holds` : `${expected}, got ${isIdx ? 'an IDX file' : 'something else'}`}.`,
      where,
      hint: both ? 'Use the run on rows of its own data set.' : 'Choose another file.',
    });
  }
  const { shape, headerBytes } = readIdxHeader(head.subarray(0, maxIdxHeaderBytes), sizeBytes, fileName);
  const [count = 0, ...own] = shape;
  const fits = (own.length === 2 ? [1, ...own] : own).join() === image.shape.join();
  if (!fits) {
    raise({
      code: 'score.imageShape',
      message: `${fileName}: expected images ${image.shape.join(' × ')} (channels, height, width) as in training, got ${own.join(' × ')}.`,
      where,
      hint: 'Scale or cut the images to this size first.',
    });
  }
  const size = own.reduce((product, n) => product * n, 1);
  const output = createScoreOutput(schema, ['row'], job.perClass);
  const writer = createScoreWriter(job.outPath, ['row', ...output.columns], ',');
  const bytes = new Uint8Array(predictor.batchSize * size);
  const pixels = new Float32Array(bytes.length);
  try {
    for (let at = 0; at < count; at += predictor.batchSize) {
      const rows = Math.min(predictor.batchSize, count - at);
      fs.readSync(file, bytes, 0, rows * size, headerBytes + at * size);
      for (let i = 0; i < rows * size; i++) pixels[i] = bytes[i]! * image.multiply + image.add;
      await predictRows(predictor, output, writer, {
        count: rows,
        inputs: (i) => new Map([['image', pixels.subarray(i * size, (i + 1) * size)]]),
        text: (i) => String(at + i + 1),
        separator: ',',
      });
      onProgress(headerBytes + (at + rows) * size, sizeBytes);
    }
    return resultOf(output, writer, count, []);
  } finally {
    writer.close();
  }
}
