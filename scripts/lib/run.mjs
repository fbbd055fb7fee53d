/** Starts a child that takes over the terminal: its input, output, exit code and signals are ours. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { cacheFolder, root } from '../setup/places.mjs';

/** Compiled TypeScript is kept between starts, which halves the start time of the command line. */
export function nodeEnvironment(more = {}) {
  return { NODE_COMPILE_CACHE: path.join(cacheFolder, 'compiled'), ...process.env, ...more };
}

/** Runs to the end and leaves with the same exit code or signal. */
export async function passThrough(command, args, { env = nodeEnvironment(), cwd = root } = {}) {
  const child = spawn(command, args, { cwd, env, stdio: 'inherit' });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const forward = (signal) => {
    // A Ctrl-C at the terminal reaches the whole group by itself.
    if (signal !== 'SIGINT' || process.stdin.isTTY !== true) child.kill(signal);
  };
  for (const signal of signals) process.on(signal, forward);
  const [code, signal] = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (...ending) => resolve(ending));
  });
  for (const name of signals) process.removeListener(name, forward);
  if (signal !== null && process.platform !== 'win32') process.kill(process.pid, signal);
  process.exitCode = code ?? 1;
}
