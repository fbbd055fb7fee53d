/** Thread that inspects or imports one CSV file or text, then ends. Started by csvJobs.ts. */
import { workerData } from 'node:worker_threads';
import type { DataSetInfo } from '../../core/data/dataSet.ts';
import { importCsvFile, inspectCsvFile } from './csvFile.ts';
import type { CsvImportJob, CsvInspectJob, CsvInspectResult, CsvProgress } from './csvFile.ts';
import { answerJob } from './jobThread.ts';
import { importTextFile, inspectTextFile } from './textFile.ts';
import type { TextImportJob, TextInspectJob, TextInspectResult } from './textFile.ts';

export type FileJob = CsvInspectJob | CsvImportJob | TextInspectJob | TextImportJob;
export type FileResult<J extends FileJob> = J extends CsvImportJob | TextImportJob
  ? DataSetInfo
  : J extends TextInspectJob
    ? TextInspectResult
    : CsvInspectResult;

function resultOf(job: FileJob, onProgress: CsvProgress): CsvInspectResult | TextInspectResult | Promise<DataSetInfo> {
  switch (job.kind) {
    case 'inspect':
      return inspectCsvFile(job, onProgress);
    case 'import':
      return importCsvFile(job, onProgress);
    case 'inspectText':
      return inspectTextFile(job);
    case 'importText':
      return importTextFile(job);
    default:
      return job satisfies never;
  }
}

await answerJob<unknown>((onProgress) => resultOf(workerData as FileJob, onProgress));
