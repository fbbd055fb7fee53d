/**
 * The host: everything behind the contract, with no knowledge of windows or sockets. Both shells and the command
 * line make one and call its handlers.
 */
import { join } from 'node:path';
import type { DataSetInfo } from '../../core/data/dataSet.ts';
import type { Events, EventName, Handlers, RunId } from '../contract/calls.ts';
import { appHandlers } from '../handlers/app.ts';
import { dataHandlers } from '../handlers/data.ts';
import { documentHandlers } from '../handlers/documents.ts';
import { engineHandlers } from '../handlers/engines.ts';
import { explainHandlers } from '../handlers/explain.ts';
import { modelFileHandlers } from '../handlers/modelFiles.ts';
import { raceHandlers } from '../handlers/race.ts';
import { createRouter } from '../handlers/router.ts';
import type { Router } from '../handlers/router.ts';
import { runHandlers } from '../handlers/runs.ts';
import { useHandlers } from '../handlers/use.ts';
import { openStore } from '../store/store.ts';
import type { Store } from '../store/store.ts';
import { availableEngines } from '../trainer/engines.ts';
import { createCsvImports } from './csvImports.ts';
import type { CsvImports, ImportFileOptions } from './csvImports.ts';
import { createDataLibrary } from './dataLibrary.ts';
import type { DataLibrary } from './dataLibrary.ts';
import { createDocumentLibrary } from './documentLibrary.ts';
import type { DocumentLibrary } from './documentLibrary.ts';
import { createEngineTrials } from './engineTrials.ts';
import type { EngineTrials } from './engineTrials.ts';
import { createEventHub } from './events.ts';
import type { AnyListener, Emit } from './events.ts';
import { createExplains } from './explains.ts';
import type { Explains } from './explains.ts';
import { createGpuHub } from './gpuHub.ts';
import type { GpuHub } from './gpuHub.ts';
import { createLog } from './log.ts';
import type { Log } from './log.ts';
import { createModelFiles } from './modelFiles.ts';
import type { ModelFiles } from './modelFiles.ts';
import { currentOwner } from './owner.ts';
import { createRaces } from './races.ts';
import type { Races } from './races.ts';
import { createRunManager } from './runManager.ts';
import type { RunManager, StartRequest } from './runManager.ts';
import { createRunUses } from './runUses.ts';
import type { RunUses } from './runUses.ts';

export interface HostOptions {
  readonly libraryFolder: string;
  readonly resourcesFolder: string;
  readonly shell: 'desktop' | 'browser' | 'cli';
  readonly version?: string;
}

/** What handlers work with. */
export interface HostParts {
  readonly store: Store;
  readonly data: DataLibrary;
  readonly csv: CsvImports;
  readonly documents: DocumentLibrary;
  readonly runs: RunManager;
  readonly engines: EngineTrials;
  readonly modelFiles: ModelFiles;
  readonly uses: RunUses;
  readonly explains: Explains;
  readonly races: Races;
  readonly gpu: GpuHub;
  readonly emit: Emit;
  readonly libraryFolder: string;
  readonly shell: HostOptions['shell'];
  readonly version: string;
}

export interface Host {
  readonly handlers: Handlers;
  /** Checked calls, for transports. */
  readonly router: Router;
  readonly libraryFolder: string;
  readonly log: Log;
  /** Where windows offer their graphics cards. */
  readonly gpu: GpuHub;
  on<K extends EventName>(event: K, listener: (value: Events[K]) => void): () => void;
  onAny(listener: AnyListener): () => void;
  /** Finished runs, for what is no call: see `sample --compare`. */
  readonly uses: RunUses;
  /** Trains a network that is not among the library's documents. */
  startRun(request: StartRequest): Promise<RunId>;
  importCsvFile(file: string, options?: ImportFileOptions): Promise<DataSetInfo>;
  /** Scores files and writes models, from file to file. */
  readonly modelFiles: Pick<ModelFiles, 'scoreFile' | 'exportFile'>;
  /** Trainings that run get a last checkpoint if they manage it within seconds, and can be resumed. */
  close(): Promise<void>;
}

/** @throws ProblemError when the library cannot be used */
export async function createHost(options: HostOptions): Promise<Host> {
  const { libraryFolder, resourcesFolder, shell } = options;
  const store = openStore(libraryFolder);
  const log = createLog(libraryFolder);
  const hub = createEventHub((error) => log.error('event', error));
  const data = createDataLibrary(store, libraryFolder, resourcesFolder);
  const csv = createCsvImports({ folder: join(libraryFolder, 'uploads'), data, emit: hub.emit });
  const documents = createDocumentLibrary(store, data, resourcesFolder);
  const gpu = createGpuHub({
    hasWindows: shell !== 'cli',
    onChange: () => hub.emit('gpu.changed', { ...gpu.state, engines: availableEngines(gpu.state.gpu) }),
  });
  const engines = createEngineTrials({ data, store, emit: hub.emit, gpu });
  const { chooseEngine } = engines;
  const runs = createRunManager({ store, data, libraryFolder, owner: currentOwner(), emit: hub.emit, log, gpu, chooseEngine });
  runs.collectDead();
  const modelFiles = createModelFiles({ folder: join(libraryFolder, 'downloads'), csv, runs, emit: hub.emit });
  const uses = createRunUses({ runs, emit: hub.emit, log });
  const explains = createExplains({ data, runs, log });
  const races = createRaces({ data, emit: hub.emit, log });

  const parts: HostParts = {
    store,
    data,
    csv,
    documents,
    runs,
    engines,
    modelFiles,
    uses,
    explains,
    races,
    gpu,
    emit: hub.emit,
    libraryFolder,
    shell,
    version: options.version ?? '0.1.0',
  };
  const handlers: Handlers = {
    ...appHandlers(parts),
    ...documentHandlers(parts),
    ...dataHandlers(parts),
    ...runHandlers(parts),
    ...engineHandlers(parts),
    ...modelFileHandlers(parts),
    ...useHandlers(parts),
    ...explainHandlers(parts),
    ...raceHandlers(parts),
  };

  let closed: Promise<void> | undefined;
  return {
    handlers,
    router: createRouter(handlers, log),
    libraryFolder,
    log,
    gpu,
    uses,
    on: hub.on,
    onAny: hub.onAny,
    startRun: (request) => runs.start(request),
    modelFiles,
    importCsvFile: (file, importOptions) => csv.importFile(file, importOptions),
    close: () =>
      (closed ??= (async () => {
        await engines.close();
        await modelFiles.close();
        await uses.close();
        await explains.close();
        await races.close();
        await csv.close();
        await runs.close();
        gpu.close();
        store.close();
      })()),
  };
}
