/** Opens the library for one command; the database is loaded only here, so that the other commands start at once. */
import { resolve } from 'node:path';
import { defaultLibraryFolder, resourcesFolder } from '../host/folders.ts';
import type { Host } from '../host/host.ts';

/** Gives the host to `work` and closes it afterwards, whatever happened. */
export async function withHost<T>(folder: string | undefined, work: (host: Host) => Promise<T>): Promise<T> {
  const { createHost } = await import('../host/host.ts');
  const host = await createHost({
    libraryFolder: folder === undefined ? defaultLibraryFolder() : resolve(folder),
    resourcesFolder: resourcesFolder(),
    shell: 'cli',
  });
  try {
    return await work(host);
  } finally {
    await host.close();
  }
}
