/** What went wrong inside, with stacks, in one file of the library; the interface only gets a sentence. */
import { appendFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

const maxBytes = 1024 * 1024;

export interface Log {
  readonly file: string;
  error(where: string, error: unknown): void;
}

export function createLog(libraryFolder: string): Log {
  const file = join(libraryFolder, 'layerbench.log');
  return {
    file,
    error(where, error) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      try {
        if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > maxBytes) renameSync(file, `${file}.1`);
        appendFileSync(file, `${new Date().toISOString()} ${where}: ${text}\n`);
      } catch {
        // A full or read-only disk must not turn one error into two.
      }
    },
  };
}
