/** The library's database as the host uses it. All SQL of the project lies in this folder. */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ProblemError } from '../../core/problem.ts';
import { openDatabase, sqliteProblem } from './database.ts';
import { createDataSetsStore } from './dataSets.ts';
import type { DataSetsStore } from './dataSets.ts';
import { createDocumentsStore, createNetworksStore } from './documents.ts';
import type { DocumentsStore, NetworksStore } from './documents.ts';
import { createMetricsStore } from './metrics.ts';
import type { MetricsStore } from './metrics.ts';
import { createRunsStore } from './runs.ts';
import type { RunsStore } from './runs.ts';
import { createSettingsStore } from './settings.ts';
import type { SettingsStore } from './settings.ts';

export const databaseName = 'library.sqlite';

export interface Store {
  readonly documents: DocumentsStore;
  readonly networks: NetworksStore;
  readonly dataSets: DataSetsStore;
  readonly runs: RunsStore;
  readonly metrics: MetricsStore;
  readonly settings: SettingsStore;
  /** All or nothing; may be nested. */
  transaction<T>(work: () => T): T;
  /** A number that changes when another process has changed the database. */
  foreignChanges(): number;
  close(): void;
}

/** @throws ProblemError when the folder or the database cannot be used; nothing was changed then. */
export function openStore(libraryFolder: string): Store {
  try {
    makeFolder(libraryFolder);
  } catch (error) {
    throw folderProblem(error, libraryFolder);
  }
  const db = openDatabase(join(libraryFolder, databaseName));
  const dataVersion = db.prepare<[], number>('PRAGMA data_version').pluck();
  return {
    documents: createDocumentsStore(db),
    networks: createNetworksStore(db),
    dataSets: createDataSetsStore(db),
    runs: createRunsStore(db),
    metrics: createMetricsStore(db),
    settings: createSettingsStore(db),
    transaction: (work) => db.transaction(work).immediate(),
    foreignChanges: () => dataVersion.get() ?? 0,
    close: () => void db.close(),
  };
}

/** Not `recursive`: Node repeats for ever where a file system takes no folders, as in /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}

function folderProblem(error: unknown, folder: string): Error {
  const known = sqliteProblem(error, folder);
  if (known !== null) return new ProblemError(known);
  return new ProblemError({
    code: 'library.folder',
    message: `The library folder ${folder} cannot be made: ${(error as Error).message}.`,
    where: { kind: 'library' },
    hint: 'Choose another folder with --library.',
  });
}
