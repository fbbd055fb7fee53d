/**
 * Opens the library's SQLite file: checks that it is one of ours and not from a newer version, brings its layout
 * up to date, and turns SQLite's errors into sentences. Every other file of this folder gets an open database.
 */
import Database from 'better-sqlite3';
import { closeSync, existsSync, linkSync, openSync, readSync, renameSync, rmSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ProblemError, raise } from '../../core/problem.ts';
import type { Problem } from '../../core/problem.ts';
import { migrations as allMigrations } from './migrations/index.ts';
import type { Migration } from './migrations/index.ts';

export type Db = Database.Database;

/** `LYRB`: tells our files from other programs' SQLite files. */
const applicationId = 0x4c595242;
const busyTimeoutMs = 10_000;

export function openDatabase(file: string, migrations: readonly Migration[] = allMigrations): Db {
  try {
    if (!existsSync(file)) createDatabase(file, migrations);
    checkHeader(file);
    return openExisting(file, migrations);
  } catch (error) {
    throw toLibraryError(error, file);
  }
}

/** A new database appears complete or not at all, so a file of 0 bytes is always a damaged one. */
function createDatabase(file: string, migrations: readonly Migration[]): void {
  const temporary = `${file}.${process.pid}.new`;
  rmSync(temporary, { force: true });
  try {
    const db = new Database(temporary);
    try {
      db.pragma(`application_id = ${applicationId}`);
      migrate(db, temporary, migrations);
    } finally {
      db.close();
    }
    placeFile(temporary, file);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Another process may be doing the same: a link, unlike a rename, never replaces its file. */
function placeFile(temporary: string, file: string): void {
  try {
    linkSync(temporary, file);
  } catch {
    if (!existsSync(file)) renameSync(temporary, file);
  }
}

function checkHeader(file: string): void {
  const { size } = statSync(file);
  if (size === 0) {
    raise({
      code: 'library.emptyDatabase',
      message: `The library's database ${file} is empty (0 bytes), so it was damaged outside Layerbench.`,
      where: { kind: 'library' },
      hint: 'Put a copy of it back, or move the file away to begin with an empty library.',
    });
  }
  const head = Buffer.alloc(16);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, head, 0, 16, 0);
  } finally {
    closeSync(descriptor);
  }
  if (head.toString('latin1') !== 'SQLite format 3\0') raise(notOurs(file));
}

function openExisting(file: string, migrations: readonly Migration[]): Db {
  const db = new Database(file, { timeout: busyTimeoutMs, fileMustExist: true });
  try {
    const id = db.pragma('application_id', { simple: true });
    if (id !== applicationId) raise(notOurs(file));
    checkNotNewer(db, file, migrations);
    db.pragma('journal_mode = WAL');
    // A killed process loses nothing; after a power cut the last transactions may be missing, never half done.
    db.pragma('synchronous = NORMAL');
    db.pragma('foreign_keys = ON');
    db.pragma('cache_size = -65536');
    migrate(db, file, migrations);
    checkWritable(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function checkWritable(db: Db): void {
  db.exec('BEGIN IMMEDIATE');
  db.exec('ROLLBACK');
}

const versionOf = (db: Db): number => db.pragma('user_version', { simple: true }) as number;

function checkNotNewer(db: Db, file: string, migrations: readonly Migration[]): void {
  const newest = migrations.at(-1)?.version ?? 0;
  const found = versionOf(db);
  if (found > newest) {
    raise({
      code: 'library.newerVersion',
      message: `The library's database ${file} was written by a newer Layerbench: it has version ${found}, this program knows versions up to ${newest}.`,
      where: { kind: 'library' },
      hint: 'Update Layerbench, or choose another library folder.',
    });
  }
}

/** All that is pending in one transaction: a failure leaves the file exactly as it was. */
function migrate(db: Db, file: string, migrations: readonly Migration[]): void {
  const newest = migrations.at(-1)?.version ?? 0;
  if (versionOf(db) === newest) return;
  db.pragma('foreign_keys = OFF');
  db.transaction(() => {
    // Read again: another process may have migrated while this one waited for the lock.
    for (const migration of migrations.filter((m) => m.version > versionOf(db))) {
      try {
        db.exec(migration.sql);
        const broken = db.pragma('foreign_key_check') as unknown[];
        if (broken.length > 0) throw new Error(`${broken.length} rows refer to nothing`);
        db.pragma(`user_version = ${migration.version}`);
      } catch (error) {
        const known = sqliteProblem(error, file);
        if (known !== null && known.code !== 'library.sql') throw new ProblemError(known);
        raise({
          code: 'library.migrationFailed',
          message: `The library's database could not be brought to version ${migration.version} (${migration.name}): ${(error as Error).message}. The file was left as it was.`,
          where: { kind: 'library' },
          hint: 'Choose another library folder, or go back to the Layerbench that wrote it.',
        });
      }
    }
  }).immediate();
  db.pragma('foreign_keys = ON');
}

function notOurs(file: string): Problem {
  return {
    code: 'library.notADatabase',
    message: `${file} is not a Layerbench database, or it is damaged.`,
    where: { kind: 'library' },
    hint: 'Put a copy of it back, or move the file away to begin with an empty library.',
  };
}

const fullDisk: Problem = {
  code: 'library.full',
  message: 'The disk that holds the library is full; nothing saved so far was lost.',
  where: { kind: 'library' },
  hint: 'Free some space and try again.',
};

/** Errors of the file and the disk, as sentences; `null` for what is no SQLite or file error. */
export function sqliteProblem(error: unknown, file = 'The library’s database'): Problem | null {
  if (error instanceof ProblemError) return error.problem;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const where = { kind: 'library' } as const;
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') {
    return { ...notOurs(file), code: 'library.damaged', message: `${file} is damaged.` };
  }
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT') {
    return fullDisk;
  }
  if (
    code.startsWith('SQLITE_READONLY') ||
    code === 'SQLITE_CANTOPEN' ||
    code === 'SQLITE_PERM' ||
    ['EACCES', 'EPERM', 'EROFS'].includes(code)
  ) {
    return {
      code: 'library.readOnly',
      message: `${file} cannot be written.`,
      where,
      hint: 'Change the permissions of the library folder, or choose another one.',
    };
  }
  if (code.startsWith('SQLITE_BUSY')) {
    return { code: 'library.busy', message: 'Another program holds the library’s database.', where, hint: 'Wait a moment and try again.' };
  }
  if (code.startsWith('SQLITE_IOERR') || code === 'EIO') {
    return {
      code: 'library.io',
      message: `${file} could not be read or written: the disk reports an error.`,
      where,
      hint: 'Check the disk and make a copy of the library folder.',
    };
  }
  return code.startsWith('SQLITE_') ? { code: 'library.sql', message: `${file}: ${(error as Error).message}`, where } : null;
}

function toLibraryError(error: unknown, file: string): Error {
  const problem = sqliteProblem(error, file);
  if (problem === null) return error as Error;
  // Shared memory that cannot grow is reported as a disk error.
  return new ProblemError(problem.code === 'library.io' && isFull(dirname(file)) ? fullDisk : problem);
}

function isFull(folder: string): boolean {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize < 1024 * 1024;
}
