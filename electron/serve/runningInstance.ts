/**
 * One server per library: the running one leaves its port and a secret in the library folder, readable by its
 * owner alone, and a second start asks it for a fresh address instead of starting again.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { currentOwner, isAlive } from '../host/owner.ts';
import { loopback } from './server.ts';

const schema = v.object({ pid: v.number(), started: v.string(), port: v.number(), secret: v.string() });
const answerMs = 3_000;

const fileOf = (libraryFolder: string): string => join(libraryFolder, 'serve.json');

export const createSecret = (): string => randomBytes(32).toString('base64url');

export function announceServer(libraryFolder: string, port: number, secret: string): void {
  const file = fileOf(libraryFolder);
  const temporary = `${file}.${process.pid}`;
  try {
    writeFileSync(temporary, JSON.stringify({ ...currentOwner(), port, secret }), { mode: 0o600 });
    renameSync(temporary, file);
  } catch {
    // On a full disk a second start does not find this one; everything else works.
    rmSync(temporary, { force: true });
  }
}

/** Only what this process announced. */
export function withdrawServer(libraryFolder: string): void {
  if (read(libraryFolder)?.pid === process.pid) rmSync(fileOf(libraryFolder), { force: true });
}

/** The address of the server that runs on this library, with a fresh token; `null` when there is none. */
export async function findRunningServer(libraryFolder: string): Promise<string | null> {
  const server = read(libraryFolder);
  if (server === null || !isAlive(server, Date.now(), Date.now())) return null;
  try {
    const response = await fetch(`http://${loopback}:${server.port}/address`, {
      method: 'POST',
      headers: { 'X-Layerbench-Secret': server.secret },
      signal: AbortSignal.timeout(answerMs),
    });
    return response.ok ? await response.text() : null;
  } catch {
    return null;
  }
}

function read(libraryFolder: string): v.InferOutput<typeof schema> | null {
  try {
    return v.parse(schema, JSON.parse(readFileSync(fileOf(libraryFolder), 'utf8')));
  } catch {
    return null;
  }
}
