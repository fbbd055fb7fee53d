/** Writes a run's network, weights and preparation as one JavaScript file. */
import fs from 'node:fs';
import { exportJavaScript } from '../../core/exchange/exportJavaScript.ts';
import { raiseFileError } from '../files/fileProblem.ts';
import { loadTrained } from './loadTrained.ts';
import type { TrainedReference } from './protocol.ts';

export interface ExportModelJob {
  readonly run: TrainedReference;
  /** What the file says of itself. */
  readonly title: string;
  readonly outPath: string;
  /** For a page that loads it without modules. */
  readonly asScript?: boolean;
}

export interface ExportModelResult {
  readonly sizeBytes: number;
}

/** @throws ProblemError where the task has no model of one input that can be taken along */
export async function exportModelFile({ run, title, outPath, asScript = false }: ExportModelJob): Promise<ExportModelResult> {
  const text = exportJavaScript(await loadTrained(run), title, { asScript });
  try {
    await fs.promises.writeFile(outPath, text);
  } catch (error) {
    raiseFileError(error, 'Writing the model', outPath);
  }
  return { sizeBytes: Buffer.byteLength(text) };
}
