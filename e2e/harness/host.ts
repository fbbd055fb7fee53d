/** A Layerbench of its own for one spec: its host process, killed and restarted like a real one. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '..', '..');

/**
 * `npm test` and `npm run e2e` run what was built and is shipped, which starts in a third of the time; the sources are
 * run when Playwright is called by hand.
 */
export function program(name: 'serve' | 'cli'): string {
  return process.env['LAYERBENCH_BUNDLES'] === '1'
    ? path.join(root, 'dist', 'electron', `${name}.js`)
    : path.join(root, 'electron', `${name}.ts`);
}

/** Reading the library and listening takes well under a second; the rest is for a busy machine. */
const startLimitMs = 30_000;

export interface HostProcess {
  /** With the one-time token. */
  readonly address: string;
  readonly process: ChildProcess;
  /** Everything the host wrote to stderr. */
  errors(): string;
  /** Ends it like a power cut. */
  kill(): Promise<void>;
  /** Ends it politely. */
  stop(): Promise<number | null>;
}

export interface HostOptions {
  readonly library: string;
  readonly args?: readonly string[];
}

/** Starts `serve` on a free port. @throws Error with its output when it does not get ready */
export async function startHost({ library, args = [] }: HostOptions): Promise<HostProcess> {
  const child = spawnHost(['--library', library, '--port', '0', ...args]);
  let errors = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const address = await new Promise<string>((resolve, reject) => {
    let output = '';
    const timer = setTimeout(() => reject(new Error(`The host did not get ready in time.\n${output}${errors}`)), startLimitMs);
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const found = /(http:\/\/\S+)\s/.exec(output)?.[1];
      if (found === undefined) return;
      clearTimeout(timer);
      resolve(found);
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`The host ended with ${code}.\n${output}${errors}`));
    });
  });
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
    }
    return child.exitCode;
  };
  return {
    address,
    process: child,
    errors: () => errors,
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
  };
}

/** Runs a host that is expected to refuse, to its end. */
export async function startHostToEnd(args: readonly string[]): Promise<{ code: number | null; output: string; errors: string }> {
  return toEnd(spawnHost(args));
}

/** Runs the command line to its end, as `npm run --silent cli -- ...` does. */
export async function runCli(args: readonly string[]): Promise<{ code: number | null; output: string; errors: string }> {
  return toEnd(spawn(process.execPath, [program('cli'), ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] }));
}

function spawnHost(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [program('serve'), ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function toEnd(child: ChildProcess): Promise<{ code: number | null; output: string; errors: string }> {
  let output = '';
  let errors = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output, errors };
}
