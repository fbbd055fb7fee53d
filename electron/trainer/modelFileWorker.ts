/** Thread that scores one file with a run or writes a run's model as a file, then ends. Started by modelFiles.ts. */
import { workerData } from 'node:worker_threads';
import { answerJob } from '../files/jobThread.ts';
import { exportModelFile, type ExportModelJob } from './exportModelFile.ts';
import { scoreFile, type ScoreFileJob } from './scoreFile.ts';

export type ModelFileJob = ({ readonly kind: 'score' } & ScoreFileJob) | ({ readonly kind: 'export' } & ExportModelJob);

const job = workerData as ModelFileJob;
await answerJob<unknown>((onProgress) => (job.kind === 'score' ? scoreFile(job, onProgress) : exportModelFile(job)));
