/** The built interface's files, for the browser shell's server and the desktop shell's `app:` protocol. */
import { readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { realpathSync } from 'node:fs';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
};

export interface StaticFile {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** `null` for whatever is not a file of known type inside the folder. `path`: as in the address, percent-encoded. */
export async function readStaticFile(folder: string, path: string): Promise<StaticFile | null> {
  const file = resolveInside(folder, path);
  if (file === null) return null;
  const type = types[extname(file)];
  if (type === undefined) return null;
  try {
    const body = await readFile(file);
    // Built file names in assets/ carry a hash of their content.
    const caching = path.startsWith('/assets/') ? 'private, max-age=31536000, immutable' : 'no-cache';
    return { body, headers: { 'Content-Type': type, 'Cache-Control': caching } };
  } catch {
    return null;
  }
}

function resolveInside(folder: string, path: string): string | null {
  try {
    const decoded = decodeURIComponent(path);
    if (decoded.includes('\0') || decoded.includes('\\')) return null;
    const root = realpathSync(folder);
    // realpath also follows links, so nothing outside can be reached through one.
    const file = realpathSync(join(root, decoded === '/' ? 'index.html' : decoded));
    return file.startsWith(root + sep) ? file : null;
  } catch {
    return null;
  }
}
