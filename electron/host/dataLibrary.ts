/** Every data set a person can choose: the samples that ship with the app and what was imported, with its columns cached by hash. */
import { join } from 'node:path';
import { raise } from '../../core/problem.ts';
import { describeRoles } from '../../core/tasks/roles.ts';
import type { DataSet, DataSetInfo } from '../../core/data/dataSet.ts';
import type { RunConfig } from '../../core/train/runConfig.ts';
import type { DataRoles } from '../contract/calls.ts';
import { hasDataSet, readDataSet, writeDataSet } from '../files/dataCache.ts';
import { listSamples, loadSample } from '../files/samples.ts';
import type { Store } from '../store/store.ts';

/** Data sets kept in memory; a preview, its roles and its summaries are asked for in quick succession. */
const maxLoaded = 2;

export interface DataLibrary {
  readonly cacheFolder: string;
  list(deleted: boolean): DataSetInfo[];
  /** @throws ProblemError `data.unknown`, `data.deleted` */
  get(id: string): DataSetInfo;
  load(info: DataSetInfo): Promise<DataSet>;
  roles(id: string, config: Pick<RunConfig, 'preparation' | 'split' | 'task'>): Promise<DataRoles>;
  /** The columns lie in the cache, where a trainer's thread reads them. */
  ensureCached(info: DataSetInfo): Promise<void>;
  /** For a run whose data set may have been replaced or deleted since. */
  ensureCachedHash(id: string, hash: string): Promise<void>;
  /** Takes in an imported data set whose columns are cached; the same columns again give the one that is there. */
  register(imported: DataSetInfo): DataSetInfo;
  setDeleted(id: string, deleted: boolean): void;
}

export function createDataLibrary(store: Store, libraryFolder: string, resourcesFolder: string): DataLibrary {
  const cacheFolder = join(libraryFolder, 'data');
  const samples = listSamples(resourcesFolder);
  const loaded = new Map<string, Promise<DataSet>>();
  const isSample = (info: DataSetInfo): boolean => samples.some((sample) => sample.id === info.id);

  const read = (info: DataSetInfo): Promise<DataSet> =>
    isSample(info) ? loadSample(resourcesFolder, info.id) : readDataSet(cacheFolder, info.hash);

  const load = (info: DataSetInfo): Promise<DataSet> => {
    const known = loaded.get(info.hash);
    if (known !== undefined) {
      // Last used, last dropped.
      loaded.delete(info.hash);
      loaded.set(info.hash, known);
      return known;
    }
    const reading = read(info);
    loaded.set(info.hash, reading);
    reading.catch(() => loaded.delete(info.hash));
    for (const hash of loaded.keys()) {
      if (loaded.size <= maxLoaded) break;
      loaded.delete(hash);
    }
    return reading;
  };

  const get = (id: string): DataSetInfo => {
    const sample = samples.find((info) => info.id === id);
    if (sample !== undefined) return sample;
    const imported = store.dataSets.get(id);
    if (imported === null) {
      return raise({
        code: 'data.unknown',
        message: `There is no data set “${id}” in this library.`,
        hint: `Known are: ${[...samples, ...store.dataSets.list(false)].map((info) => info.id).join(', ')}.`,
      });
    }
    if (imported.deleted)
      raise({
        code: 'data.deleted',
        message: `The data set “${imported.info.name}” lies in the trash.`,
        hint: 'Restore it, or choose another one.',
      });
    return imported.info;
  };

  const ensureCached = async (info: DataSetInfo): Promise<void> => {
    if (!hasDataSet(cacheFolder, info.hash)) await writeDataSet(cacheFolder, await load(info));
  };

  const freeId = (wanted: string): string => {
    const taken = (id: string): boolean => samples.some((sample) => sample.id === id) || store.dataSets.get(id) !== null;
    if (!taken(wanted)) return wanted;
    for (let number = 2; ; number += 1) if (!taken(`${wanted}-${number}`)) return `${wanted}-${number}`;
  };

  return {
    cacheFolder,
    get,
    load,
    ensureCached,
    list: (deleted) => (deleted ? store.dataSets.list(true) : [...samples, ...store.dataSets.list(false)]),

    async roles(id, config) {
      return describeRoles(await load(get(id)), config);
    },

    async ensureCachedHash(id, hash) {
      if (hasDataSet(cacheFolder, hash)) return;
      const sample = samples.find((info) => info.id === id && info.hash === hash);
      if (sample === undefined) {
        raise({
          code: 'data.missing',
          message: `The data this run was trained on (“${id}”) is no longer in the library.`,
          hint: 'Import the file again and start a new run.',
        });
      }
      await ensureCached(sample);
    },

    register(imported) {
      const known = store.dataSets.findByHash(imported.hash);
      if (known !== null) {
        if (known.deleted) store.dataSets.setDeleted(known.info.id, null);
        // The same data, but the choice of what to predict is the newer one.
        const info: DataSetInfo = {
          ...known.info,
          ...(imported.defaultTarget === undefined ? {} : { defaultTarget: imported.defaultTarget }),
        };
        store.dataSets.change(info);
        return info;
      }
      const info: DataSetInfo = { ...imported, id: freeId(imported.id) };
      store.dataSets.add(info);
      return info;
    },

    setDeleted(id, deleted) {
      if (samples.some((sample) => sample.id === id)) {
        raise({ code: 'data.sample', message: `“${id}” ships with Layerbench and cannot be deleted.` });
      }
      if (!store.dataSets.setDeleted(id, deleted ? Date.now() : null)) get(id);
    },
  };
}
