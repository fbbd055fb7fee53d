import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import Database from 'better-sqlite3';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProblemError } from '../../core/problem.ts';
import { openDatabase, sqliteProblem } from './database.ts';
import { migrations } from './migrations/index.ts';
import type { Migration } from './migrations/index.ts';
import { openStore } from './store.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'layerbench-store-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function problemOf(work: () => unknown): ProblemError['problem'] {
  try {
    work();
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const good: Migration = { version: 20, name: 'tags', sql: "CREATE TABLE tags (name TEXT); INSERT INTO tags VALUES ('kept');" };

describe('opening', () => {
  it('makes a new library with the default project, in WAL mode with foreign keys', () => {
    const file = join(folder, 'library.sqlite');
    const db = openDatabase(file);
    expect(db.prepare('SELECT name FROM projects').pluck().all()).toEqual(['My project']);
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(db.pragma('foreign_keys', { simple: true })).toBe(1);
    expect(db.pragma('user_version', { simple: true })).toBe(migrations.at(-1)?.version);
    db.close();
    expect(readdirSync(folder).filter((name) => name.endsWith('.new'))).toEqual([]);
  });

  it('lets two processes share it', () => {
    const file = join(folder, 'library.sqlite');
    const a = openDatabase(file);
    const b = openDatabase(file);
    a.exec("INSERT INTO settings VALUES ('x', '1')");
    expect(b.prepare('SELECT count(*) FROM settings').pluck().get()).toBe(1);
    a.close();
    b.close();
  });
});

describe('migrations', () => {
  it('are numbered in steps of ten, rising', () => {
    const versions = migrations.map((m) => m.version);
    expect(versions.every((version) => version % 10 === 0)).toBe(true);
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
  });

  it('010: lays out every table and refuses a status it does not know', () => {
    const db = openDatabase(join(folder, 'library.sqlite'), migrations.slice(0, 1));
    const tables = db
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
      .pluck()
      .all();
    expect(tables).toEqual([
      'checkpoints',
      'data_sets',
      'documents',
      'metric_buckets',
      'metric_names',
      'metrics',
      'networks',
      'projects',
      'run_summary',
      'runs',
      'settings',
    ]);
    db.exec("INSERT INTO networks VALUES ('h', 'n', '{}', 0)");
    const insert = (status: string): unknown =>
      db
        .prepare(
          "INSERT INTO runs (name, status, network_hash, network_name, data_id, data_hash, data_name, config, seed, started_at, epochs) VALUES ('r', ?, 'h', 'n', 'd', 'h', 'd', '{}', 1, 0, 1)",
        )
        .run(status);
    expect(() => insert('sleeping')).toThrow('CHECK');
    insert('queued');
    db.close();
  });

  it('bring an older file up to date and keep its rows', () => {
    const file = join(folder, 'library.sqlite');
    const old = openDatabase(file);
    old.exec("INSERT INTO settings VALUES ('theme', '\"dark\"')");
    old.close();
    const db = openDatabase(file, [...migrations, good]);
    expect(db.pragma('user_version', { simple: true })).toBe(20);
    expect(db.prepare('SELECT name FROM tags').pluck().get()).toBe('kept');
    expect(db.prepare('SELECT value FROM settings').pluck().get()).toBe('"dark"');
    db.close();
  });

  it('that fail stop the start and leave the file as it was, also when earlier ones went well', () => {
    const file = join(folder, 'library.sqlite');
    openDatabase(file).close();
    const bad: Migration = { version: 30, name: 'broken', sql: 'CREATE TABLE half (x); INSERT INTO nowhere VALUES (1);' };
    const problem = problemOf(() => openDatabase(file, [...migrations, good, bad]));
    expect(problem.code).toBe('library.migrationFailed');
    expect(problem.message).toContain('version 30 (broken): no such table: nowhere');
    const db = openDatabase(file);
    expect(db.pragma('user_version', { simple: true })).toBe(10);
    expect(db.prepare("SELECT count(*) FROM sqlite_schema WHERE name IN ('tags', 'half')").pluck().get()).toBe(0);
    db.close();
  });

  it('that leave dangling references fail', () => {
    const file = join(folder, 'library.sqlite');
    const bad: Migration = { version: 20, name: 'dangling', sql: 'INSERT INTO metrics VALUES (99, 99, 1, 0.5);' };
    expect(problemOf(() => openDatabase(file, [...migrations, bad])).message).toContain('refer to nothing');
    expect(existsSync(file)).toBe(false);
  });
});

describe('bad files', () => {
  const cases: [string, (file: string) => void, string, RegExp][] = [
    ['0 bytes', (file) => writeFileSync(file, ''), 'library.emptyDatabase', /is empty \(0 bytes\)/],
    ['text', (file) => writeFileSync(file, 'hello'.repeat(1000)), 'library.notADatabase', /is not a Layerbench database/],
    [
      'another program’s database',
      (file) => void new Database(file).exec('CREATE TABLE t (x)').close(),
      'library.notADatabase',
      /is not a Layerbench database/,
    ],
    [
      'cut off',
      (file) => {
        openDatabase(file).close();
        truncateSync(file, 8192);
      },
      'library.damaged',
      /is damaged/,
    ],
    [
      'a newer version',
      (file) => {
        const db = openDatabase(file);
        db.pragma('user_version = 990');
        db.close();
      },
      'library.newerVersion',
      /newer Layerbench: it has version 990, this program knows versions up to 10/,
    ],
  ];

  it.each(cases)('%s: one sentence, and the file stays as it is', (_name, make, code, sentence) => {
    const file = join(folder, 'library.sqlite');
    make(file);
    const before = readFileSync(file);
    const problem = problemOf(() => openStore(folder));
    expect(problem.code).toBe(code);
    expect(problem.message).toMatch(sentence);
    expect(problem.hint).toBeTruthy();
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('a file where the folder should be', () => {
    writeFileSync(join(folder, 'taken'), '');
    expect(problemOf(() => openStore(join(folder, 'taken', 'library'))).code).toBe('library.folder');
  });

  it.skipIf(process.getuid?.() === 0)('a read-only folder', () => {
    const readOnly = join(folder, 'readOnly');
    mkdirSync(readOnly);
    chmodSync(readOnly, 0o555);
    expect(problemOf(() => openStore(readOnly)).code).toBe('library.readOnly');
    chmodSync(readOnly, 0o755);
  });

  it('a full disk: what was saved stays, and the sentence says what to do', () => {
    const store = openStore(folder);
    store.settings.set('small', 1);
    store.close();
    const db = openDatabase(join(folder, 'library.sqlite'));
    db.pragma(`max_page_count = ${String(db.pragma('page_count', { simple: true }))}`);
    let error: unknown;
    try {
      db.transaction(() => db.prepare("INSERT INTO settings VALUES ('large', ?)").run('x'.repeat(1_000_000)))();
    } catch (thrown) {
      error = thrown;
    }
    expect(sqliteProblem(error)).toMatchObject({
      code: 'library.full',
      message: 'The disk that holds the library is full; nothing saved so far was lost.',
    });
    expect(db.prepare('SELECT key FROM settings').pluck().all()).toEqual(['small']);
    db.close();
  });
});
