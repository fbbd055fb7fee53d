/** Reads a run with its weights from the library's files. */
import { readTrained, type Trained } from '../../core/use/trained.ts';
import { readDataSet } from '../files/dataCache.ts';
import { readCheckpointFile } from './checkpointFile.ts';
import type { TrainedReference } from './protocol.ts';

/** @throws ProblemError where a file is missing or damaged, or data and network no longer fit */
export async function loadTrained({ document, config, data, checkpointFile }: TrainedReference): Promise<Trained> {
  const dataSet = await readDataSet(data.folder, data.hash);
  const { slots: weights } = await readCheckpointFile(checkpointFile);
  return readTrained({ document, config, dataSet, weights });
}
