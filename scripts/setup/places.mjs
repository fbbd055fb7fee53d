/** Folders and small helpers shared by all scripts. Plain JavaScript: it runs on whatever Node (≥ 20) the user has. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
export const cacheFolder = path.join(root, '.cache');
export const modulesFolder = path.join(root, 'node_modules');

/** Set-up talks on stderr, so that `npm run --silent cli` prints nothing but the command's own output. */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/** A failure that is explained by its message alone; run.mjs prints it without a stack trace. */
export class SetupError extends Error {}

export function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

export function writeJson(file, value) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `${JSON.stringify(value)}\n`);
}

/**
 * Runs a command to its end, at most `limitMs` long, and never throws.
 * @returns {Promise<{ code: number, output: string, timedOut: boolean }>} `output` is what it wrote, unless it was shown
 */
export function runQuietly(command, args, { limitMs = 0, env = process.env, cwd = root, show = false, shell = false } = {}) {
  return new Promise((resolve) => {
    // A group of its own, so that a time-out also ends what the command itself started.
    const detached = limitMs > 0 && process.platform !== 'win32';
    const child = spawn(command, args, { cwd, env, shell, detached, stdio: ['ignore', show ? 2 : 'pipe', show ? 2 : 'pipe'] });
    let output = '';
    let timedOut = false;
    child.stdout?.on('data', (data) => (output += data));
    child.stderr?.on('data', (data) => (output += data));
    const stop = () => {
      try {
        if (detached) process.kill(-child.pid, 'SIGKILL');
        else child.kill('SIGKILL');
      } catch {
        // It ended by itself in the meantime.
      }
    };
    const timer =
      limitMs > 0 &&
      setTimeout(() => {
        timedOut = true;
        stop();
      }, limitMs);
    process.once('exit', stop);
    const done = (code) => {
      clearTimeout(timer || undefined);
      process.removeListener('exit', stop);
      resolve({ code, output, timedOut });
    };
    child.on('error', (error) => {
      output += error.message;
      done(127);
    });
    child.on('close', (code) => done(code ?? 1));
  });
}

/** The first of these commands that stands on the PATH, with its full path. */
export function findOnPath(...names) {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  for (const name of names) {
    for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
      for (const ending of endings) {
        const file = path.join(folder, name + ending);
        if (folder !== '' && fs.existsSync(file)) return file;
      }
    }
  }
  return undefined;
}
