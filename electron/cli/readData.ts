/** The columns of a data set: a sample from the app's resources, an imported one from the library. */
import { join } from 'node:path';
import type { DataSet, DataSetInfo } from '../../core/data/dataSet.ts';
import { readDataSet } from '../files/dataCache.ts';
import { listSamples, loadSample } from '../files/samples.ts';
import { resourcesFolder } from '../host/folders.ts';

export async function readData(info: DataSetInfo, libraryFolder: string): Promise<DataSet> {
  const isSample = listSamples(resourcesFolder()).some(({ id }) => id === info.id);
  return isSample ? loadSample(resourcesFolder(), info.id) : readDataSet(join(libraryFolder, 'data'), info.hash);
}
