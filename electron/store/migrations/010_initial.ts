/** The first layout of the library's database. */
import type { Migration } from './index.ts';

export const initial: Migration = {
  version: 10,
  name: 'initial',
  sql: `
    CREATE TABLE projects (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL,
      created_at INTEGER NOT NULL
    ) STRICT;
    INSERT INTO projects (id, name, created_at) VALUES (1, 'My project', CAST(unixepoch('subsec') * 1000 AS INTEGER));

    -- Immutable, by the SHA-256 of the serialised document.
    CREATE TABLE networks (
      hash TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      document TEXT NOT NULL,
      created_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE data_sets (
      id TEXT PRIMARY KEY,
      project_id INTEGER NOT NULL DEFAULT 1 REFERENCES projects (id),
      hash TEXT NOT NULL,
      info TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      deleted_at INTEGER
    ) STRICT;
    CREATE INDEX data_sets_by_hash ON data_sets (hash);

    -- Times are milliseconds since 1970. Data sets are named, not referenced: samples are files of the app,
    -- and a run outlives its data set.
    CREATE TABLE runs (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      project_id INTEGER NOT NULL DEFAULT 1 REFERENCES projects (id),
      name TEXT NOT NULL,
      note TEXT NOT NULL DEFAULT '',
      status TEXT NOT NULL CHECK (status IN ('queued', 'running', 'paused', 'completed', 'stopped', 'failed', 'interrupted')),
      network_hash TEXT NOT NULL REFERENCES networks (hash),
      network_name TEXT NOT NULL,
      data_id TEXT NOT NULL,
      data_hash TEXT NOT NULL,
      data_name TEXT NOT NULL,
      config TEXT NOT NULL,
      seed INTEGER NOT NULL,
      engine TEXT,
      parent_run INTEGER REFERENCES runs (id) ON DELETE SET NULL,
      fork_step INTEGER,
      started_at INTEGER NOT NULL,
      elapsed_ms REAL NOT NULL DEFAULT 0,
      step INTEGER NOT NULL DEFAULT 0,
      total_steps INTEGER NOT NULL DEFAULT 0,
      epoch REAL NOT NULL DEFAULT 0,
      epochs INTEGER NOT NULL,
      parameter_count INTEGER NOT NULL DEFAULT 0,
      samples TEXT,
      scores TEXT NOT NULL DEFAULT '{}',
      test_looks INTEGER NOT NULL DEFAULT 0,
      problem TEXT,
      owner_pid INTEGER,
      owner_started TEXT,
      heartbeat_at INTEGER,
      deleted_at INTEGER
    ) STRICT;
    CREATE INDEX runs_by_status ON runs (status);
    CREATE INDEX runs_by_network ON runs (network_name);

    CREATE TABLE documents (
      id TEXT PRIMARY KEY,
      project_id INTEGER NOT NULL DEFAULT 1 REFERENCES projects (id),
      name TEXT NOT NULL,
      document TEXT NOT NULL,
      config TEXT,
      layer_count INTEGER NOT NULL,
      data_set TEXT,
      saved_at INTEGER NOT NULL,
      deleted_at INTEGER,
      last_run INTEGER REFERENCES runs (id) ON DELETE SET NULL
    ) STRICT;

    CREATE TABLE metric_names (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE
    ) STRICT;

    -- NULL is NaN: SQLite has none.
    CREATE TABLE metrics (
      run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      name INTEGER NOT NULL REFERENCES metric_names (id),
      step INTEGER NOT NULL,
      value REAL,
      PRIMARY KEY (run, name, step)
    ) STRICT, WITHOUT ROWID;

    -- span: points of the series per bucket, 32 or 1024. bucket: ordinal of its first point divided by span.
    CREATE TABLE metric_buckets (
      run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      name INTEGER NOT NULL REFERENCES metric_names (id),
      span INTEGER NOT NULL,
      bucket INTEGER NOT NULL,
      count INTEGER NOT NULL,
      min REAL,
      min_step INTEGER NOT NULL,
      max REAL,
      max_step INTEGER NOT NULL,
      last REAL,
      last_step INTEGER NOT NULL,
      PRIMARY KEY (run, name, span, bucket)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE run_summary (
      run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      name INTEGER NOT NULL REFERENCES metric_names (id),
      count INTEGER NOT NULL,
      last REAL,
      last_step INTEGER NOT NULL,
      best REAL,
      best_step INTEGER NOT NULL,
      PRIMARY KEY (run, name)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE checkpoints (
      run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      step INTEGER NOT NULL,
      epoch REAL NOT NULL,
      elapsed_ms REAL NOT NULL,
      learning_rate REAL,
      -- Relative to the library folder.
      file TEXT NOT NULL,
      size_bytes INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      PRIMARY KEY (run, step)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE settings (
      key TEXT PRIMARY KEY,
      value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
};
