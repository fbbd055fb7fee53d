/** The npm packages of package-lock.json, installed with every install script blocked. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { modulesFolder, readJson, root, runQuietly, say, SetupError, writeJson } from './places.mjs';

const stampFile = path.join(modulesFolder, '.layerbench-setup.json');
const lockFile = path.join(root, 'package-lock.json');

/** What decides whether the installed packages are the right ones. */
function wantedStamp() {
  const lockHash = createHash('sha256').update(fs.readFileSync(lockFile)).digest('hex');
  return { lockHash, node: process.version, platform: process.platform, arch: process.arch };
}

export function dependenciesAreCurrent() {
  return fs.existsSync(stampFile) && JSON.stringify(readJson(stampFile)) === JSON.stringify(wantedStamp());
}

/** True when each package of the lock file that this platform needs is there in its version, whoever installed it. */
function installedMatchesLock() {
  const wanted = readJson(lockFile)?.packages;
  const installed = readJson(path.join(modulesFolder, '.package-lock.json'))?.packages;
  if (!wanted || !installed) return false;
  return Object.entries(wanted).every(([folder, entry]) => {
    if (folder === '') return true;
    const found = installed[folder];
    if (found === undefined) return entry.optional === true && !meantForThisMachine(entry);
    return found.version === entry.version && fs.existsSync(path.join(root, folder, 'package.json'));
  });
}

/**
 * Whether an optional package names this machine. One that names none belongs to another that does.
 * Lock files write one name or a list, `!name` meaning every other.
 */
function meantForThisMachine(entry) {
  if (entry.os === undefined && entry.cpu === undefined) return false;
  const fits = (list, value) => {
    if (list === undefined) return true;
    const names = [list].flat();
    return names.some((name) => name.startsWith('!')) ? !names.includes(`!${value}`) : names.includes(value);
  };
  const glibc = process.platform !== 'linux' || process.report?.getReport?.().header.glibcVersionRuntime !== undefined;
  const libcFits = entry.libc === undefined || [entry.libc].flat().includes(glibc ? 'glibc' : 'musl');
  return fits(entry.os, process.platform) && fits(entry.cpu, process.arch) && libcFits;
}

/** npm as it was started, else the one on the PATH. */
function npmCommand() {
  const started = process.env.npm_execpath;
  if (started && path.basename(started).startsWith('npm-cli')) return { command: process.execPath, before: [started], shell: false };
  return { command: 'npm', before: [], shell: process.platform === 'win32' };
}

export async function runNpm(args, options) {
  const { command, before, shell } = npmCommand();
  return runQuietly(command, [...before, ...args], { ...options, shell });
}

export async function installDependencies() {
  if (dependenciesAreCurrent()) return;
  if (!installedMatchesLock()) {
    say('Installing the packages Layerbench needs (once, a minute or two) ...');
    const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--include=dev', '--include=optional'];
    let result = await runNpm(args);
    if (result.code !== 0 && /ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENOTEMPTY|ERR_SOCKET/.test(result.output)) result = await runNpm(args);
    if (result.code !== 0) {
      const reason = result.output
        .split('\n')
        .filter((line) => /\S/.test(line) && !/complete log of this run|npm warn/i.test(line))
        .slice(0, 12)
        .join('\n');
      throw new SetupError(
        `npm could not install the packages:\n${reason}\nCheck the connection and start again; nothing else was changed.`,
      );
    }
  }
  writeJson(stampFile, wantedStamp());
}
