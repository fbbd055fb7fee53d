/** Documents being edited, and the immutable networks runs were trained with. Both hold serialised JSON. */
import type { DocumentId, RunId } from '../contract/calls.ts';
import type { Db } from './database.ts';

export interface StoredDocument {
  readonly id: DocumentId;
  readonly name: string;
  readonly document: string;
  readonly config: string | null;
  readonly layerCount: number;
  readonly dataSet: string | null;
  readonly savedAt: number;
  readonly lastRun: RunId | null;
  readonly deleted: boolean;
}

export type DocumentEntry = Omit<StoredDocument, 'document' | 'config' | 'lastRun'>;

export interface DocumentsStore {
  /** Newest first. */
  list(deleted: boolean): DocumentEntry[];
  get(id: DocumentId): StoredDocument | null;
  create(document: Omit<StoredDocument, 'lastRun' | 'deleted'>): void;
  /** False when there is no such document, or it lies in the trash. */
  save(document: Omit<StoredDocument, 'lastRun' | 'deleted'>): boolean;
  setLastRun(id: DocumentId, run: RunId): void;
  setDeleted(id: DocumentId, deletedAt: number | null): boolean;
  count(): number;
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly document: string;
  readonly config: string | null;
  readonly layer_count: number;
  readonly data_set: string | null;
  readonly saved_at: number;
  readonly last_run: number | null;
  readonly deleted_at: number | null;
}

export function createDocumentsStore(db: Db): DocumentsStore {
  const list = db.prepare<[number], Omit<Row, 'document' | 'config' | 'last_run'>>(
    'SELECT id, name, layer_count, data_set, saved_at, deleted_at FROM documents WHERE (deleted_at IS NOT NULL) = ? ORDER BY saved_at DESC, rowid DESC',
  );
  const get = db.prepare<[string], Row>('SELECT * FROM documents WHERE id = ?');
  const insert = db.prepare(
    'INSERT INTO documents (id, name, document, config, layer_count, data_set, saved_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const update = db.prepare(
    'UPDATE documents SET name = ?, document = ?, config = ?, layer_count = ?, data_set = ?, saved_at = ? WHERE id = ? AND deleted_at IS NULL',
  );
  const setLastRun = db.prepare('UPDATE documents SET last_run = ? WHERE id = ?');
  const setDeleted = db.prepare('UPDATE documents SET deleted_at = ? WHERE id = ?');
  const count = db.prepare<[], number>('SELECT count(*) FROM documents').pluck();

  const toEntry = (row: Omit<Row, 'document' | 'config' | 'last_run'>): DocumentEntry => ({
    id: row.id,
    name: row.name,
    layerCount: row.layer_count,
    dataSet: row.data_set,
    savedAt: row.saved_at,
    deleted: row.deleted_at !== null,
  });

  return {
    list: (deleted) => list.all(deleted ? 1 : 0).map(toEntry),
    get(id) {
      const row = get.get(id);
      return row === undefined ? null : { ...toEntry(row), document: row.document, config: row.config, lastRun: row.last_run };
    },
    create: (d) => void insert.run(d.id, d.name, d.document, d.config, d.layerCount, d.dataSet, d.savedAt),
    save: (d) => update.run(d.name, d.document, d.config, d.layerCount, d.dataSet, d.savedAt, d.id).changes > 0,
    setLastRun: (id, run) => void setLastRun.run(run, id),
    setDeleted: (id, deletedAt) => setDeleted.run(deletedAt, id).changes > 0,
    count: () => count.get() ?? 0,
  };
}

export interface NetworksStore {
  /** Does nothing when the network is already there. */
  add(network: { readonly hash: string; readonly name: string; readonly document: string }): void;
  get(hash: string): string | null;
}

export function createNetworksStore(db: Db): NetworksStore {
  const insert = db.prepare('INSERT INTO networks (hash, name, document, created_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING');
  const get = db.prepare<[string], string>('SELECT document FROM networks WHERE hash = ?').pluck();
  return {
    add: ({ hash, name, document }) => void insert.run(hash, name, document, Date.now()),
    get: (hash) => get.get(hash) ?? null,
  };
}
