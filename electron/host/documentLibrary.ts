/** Documents on the canvas: saved as they are edited, never lost, each with the run config it will be trained with. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { raise } from '../../core/problem.ts';
import { emptyDocument, parseDocumentText, serializeDocument } from '../../core/graph/parseDocument.ts';
import type { NetworkDocument } from '../../core/graph/document.ts';
import { exampleConfig } from '../../core/train/exampleConfig.ts';
import { parseRunConfig } from '../../core/train/runConfigSchema.ts';
import type { RunConfig } from '../../core/train/runConfig.ts';
import type { CallArgs, DocumentId, DocumentState, DocumentSummary, SampleNetwork } from '../contract/calls.ts';
import type { StoredDocument } from '../store/documents.ts';
import type { Store } from '../store/store.ts';
import type { DataLibrary } from './dataLibrary.ts';
import { hashDocument, sameConfig } from './documentHash.ts';

export interface DocumentLibrary {
  list(deleted: boolean): DocumentSummary[];
  samples(): readonly SampleNetwork[];
  open(id: DocumentId): DocumentState;
  create(from: CallArgs<'documents.create'>['from']): DocumentState;
  save(id: DocumentId, document: NetworkDocument, config: RunConfig | undefined): { savedAt: number };
  setDeleted(id: DocumentId, deleted: boolean): void;
}

export function createDocumentLibrary(store: Store, data: DataLibrary, resourcesFolder: string): DocumentLibrary {
  const networksFolder = join(resourcesFolder, 'samples', 'networks');
  let sampleList: readonly SampleNetwork[] | undefined;

  const samples = (): readonly SampleNetwork[] =>
    (sampleList ??= JSON.parse(readFileSync(join(networksFolder, 'index.json'), 'utf8')) as SampleNetwork[]);

  const stored = (id: DocumentId): StoredDocument =>
    store.documents.get(id) ??
    raise({ code: 'document.unknown', message: 'This network is no longer in the library.', where: { kind: 'document' } });

  const toRow = (
    id: DocumentId,
    document: NetworkDocument,
    config: RunConfig | undefined,
  ): Omit<StoredDocument, 'lastRun' | 'deleted'> => ({
    id,
    name: document.name,
    document: serializeDocument(document),
    config: config === undefined ? null : JSON.stringify(config),
    layerCount: document.nodes.length,
    dataSet: config === undefined ? null : config.data.id,
    savedAt: Date.now(),
  });

  /** Whether the document or its config changed since its last run. */
  const lastRunOf = (row: StoredDocument, document: NetworkDocument, config: RunConfig | undefined): Pick<DocumentState, 'lastRun'> => {
    const run = row.lastRun === null ? null : store.runs.get(row.lastRun);
    if (run === null) return {};
    const edited = run.networkHash !== hashDocument(document) || config === undefined || !sameConfig(run.config, config);
    return { lastRun: { id: run.id, edited } };
  };

  const open = (id: DocumentId): DocumentState => {
    const row = stored(id);
    const document = parseDocumentText(row.document);
    const config = row.config === null ? undefined : parseRunConfig(JSON.parse(row.config));
    return { id, document, ...(config === undefined ? {} : { config }), savedAt: row.savedAt, ...lastRunOf(row, document, config) };
  };

  const fromSource = (from: CallArgs<'documents.create'>['from']): { document: NetworkDocument; config?: RunConfig } => {
    if ('empty' in from) return { document: emptyDocument(from.empty) };
    if ('json' in from) return { document: parseDocumentText(from.json) };
    if ('run' in from) {
      const run = store.runs.get(from.run) ?? raise({ code: 'run.unknown', message: `There is no run ${from.run} in this library.` });
      const network =
        store.networks.get(run.networkHash) ??
        raise({ code: 'run.networkMissing', message: `The network of run ${run.id} is missing from the library.` });
      return {
        document: parseDocumentText(network),
        config: { ...run.config, network: { name: run.networkName }, data: { id: run.dataId } },
      };
    }
    const sample =
      samples().find(({ id }) => id === from.sample) ??
      raise({ code: 'document.unknownSample', message: `There is no sample network “${from.sample}”.` });
    const document = parseDocumentText(readFileSync(join(networksFolder, `${sample.id}.json`), 'utf8'));
    const config = exampleConfig(data.get(sample.dataSet), document.name, sample.settings);
    return { document, config };
  };

  return {
    samples,
    open,
    list: (deleted) =>
      store.documents.list(deleted).map(({ id, name, savedAt, layerCount, dataSet }) => ({
        id,
        name,
        savedAt,
        layerCount,
        ...(dataSet === null ? {} : { dataSet }),
      })),
    create(from) {
      const id = randomUUID();
      const { document, config } = fromSource(from);
      store.documents.create(toRow(id, document, config));
      return open(id);
    },
    save(id, document, config) {
      const row = toRow(id, document, config);
      if (!store.documents.save(row)) {
        stored(id);
        raise({
          code: 'document.deleted',
          message: 'This network lies in the trash.',
          where: { kind: 'document' },
          hint: 'Restore it to go on.',
        });
      }
      return { savedAt: row.savedAt };
    },
    setDeleted(id, deleted) {
      if (!store.documents.setDeleted(id, deleted ? Date.now() : null)) stored(id);
    },
  };
}
