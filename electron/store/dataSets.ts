/** Imported data sets; their columns lie as files in the library, found by hash. Samples are files of the app. */
import type { DataSetInfo } from '../../core/data/dataSet.ts';
import type { Db } from './database.ts';

export interface DataSetsStore {
  /** In the order of import. */
  list(deleted: boolean): DataSetInfo[];
  get(id: string): { info: DataSetInfo; deleted: boolean } | null;
  findByHash(hash: string): { info: DataSetInfo; deleted: boolean } | null;
  add(info: DataSetInfo): void;
  /** The data set of this id, described anew. */
  change(info: DataSetInfo): void;
  setDeleted(id: string, deletedAt: number | null): boolean;
}

interface Row {
  readonly info: string;
  readonly deleted_at: number | null;
}

export function createDataSetsStore(db: Db): DataSetsStore {
  const list = db.prepare<[number], Row>(
    'SELECT info, deleted_at FROM data_sets WHERE (deleted_at IS NOT NULL) = ? ORDER BY created_at, rowid',
  );
  const get = db.prepare<[string], Row>('SELECT info, deleted_at FROM data_sets WHERE id = ?');
  const byHash = db.prepare<[string], Row>('SELECT info, deleted_at FROM data_sets WHERE hash = ? ORDER BY deleted_at IS NOT NULL LIMIT 1');
  const insert = db.prepare('INSERT INTO data_sets (id, hash, info, created_at) VALUES (?, ?, ?, ?)');
  const update = db.prepare('UPDATE data_sets SET info = ? WHERE id = ?');
  const setDeleted = db.prepare('UPDATE data_sets SET deleted_at = ? WHERE id = ?');
  const read = (row: Row | undefined): { info: DataSetInfo; deleted: boolean } | null =>
    row === undefined ? null : { info: JSON.parse(row.info) as DataSetInfo, deleted: row.deleted_at !== null };

  return {
    list: (deleted) => list.all(deleted ? 1 : 0).map((row) => JSON.parse(row.info) as DataSetInfo),
    get: (id) => read(get.get(id)),
    findByHash: (hash) => read(byHash.get(hash)),
    add: (info) => void insert.run(info.id, info.hash, JSON.stringify(info), Date.now()),
    change: (info) => void update.run(JSON.stringify(info), info.id),
    setDeleted: (id, deletedAt) => setDeleted.run(deletedAt, id).changes > 0,
  };
}
