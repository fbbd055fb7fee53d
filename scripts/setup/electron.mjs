/**
 * The Electron runtime for the desktop shell. Its npm package holds only a downloader (about 110 MB come from elsewhere),
 * so a machine without that access uses the browser shell; a failed attempt is remembered for a day.
 */
import fs from 'node:fs';
import path from 'node:path';
import { cacheFolder, modulesFolder, readJson, runQuietly, say, writeJson } from './places.mjs';

const failureFile = path.join(cacheFolder, 'electron-download-failed.json');
const packageFolder = path.join(modulesFolder, 'electron');
const retryAfterMs = 24 * 60 * 60 * 1000;
const limitMs = 240_000;

/** The executable of the runtime, or undefined where it is not (completely) there. */
export function findElectron() {
  try {
    const version = readJson(path.join(packageFolder, 'package.json')).version;
    const unpacked = fs
      .readFileSync(path.join(packageFolder, 'dist', 'version'), 'utf8')
      .trim()
      .replace(/^v/, '');
    const file = path.join(packageFolder, 'dist', fs.readFileSync(path.join(packageFolder, 'path.txt'), 'utf8'));
    return unpacked === version && fs.existsSync(file) ? file : undefined;
  } catch {
    return undefined;
  }
}

/** Downloads the runtime unless that failed within the last day. @returns its executable, or undefined */
export async function fetchElectron(node) {
  const version = readJson(path.join(packageFolder, 'package.json'))?.version;
  const download = async () => {
    say('Fetching the Electron runtime for the desktop window (about 110 MB, once, at most 4 minutes) ...');
    await runQuietly(node, [path.join(packageFolder, 'install.js')], { limitMs });
  };
  return version === undefined ? undefined : attemptOnceADay({ version, find: findElectron, download, failureFile, now: Date.now() });
}

/** What `find` finds, before or after a download that is not tried again for a day after it failed. */
export async function attemptOnceADay({ version, find, download, failureFile, now }) {
  const found = find();
  if (found !== undefined) return found;
  const failure = readJson(failureFile);
  if (failure?.version === version && now - failure.at < retryAfterMs) return undefined;
  await download();
  const fetched = find();
  if (fetched === undefined) writeJson(failureFile, { version, at: now });
  return fetched;
}
