/**
 * A contender is a child process that trains one workload. It speaks lines of JSON:
 *
 *   child  → { "ready": "what it is, with version" }   or   { "refused": "why it cannot take part" }
 *   parent → { "steps": 100 }        start weights again, then 100 steps
 *   child  → { "elapsedUs": 12345, "loss": 2.302 }     time of these steps alone, loss of the last
 *
 * Other requests and answers (load time, garbage) belong to our own engines only. Between requests a child sleeps, so
 * that whoever is measured has the machine for itself.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import readline from 'node:readline';

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Measurement {
  readonly elapsedUs: number;
  readonly loss: number;
}

export interface Contender {
  readonly name: string;
  /** Its first answer; `ready` says what it is. */
  readonly introduction: Readonly<Record<string, unknown>>;
  ask<T>(request: object): Promise<T>;
  close(): Promise<void>;
}

/** It cannot take part, and says why. */
export class Refusal extends Error {}

/** @throws Refusal */
export async function startContender(name: string, command: Command, limitMs = 60_000): Promise<Contender> {
  const child = spawn(command.file, command.args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...command.environment },
  });
  const answers = answersOf(child);
  const next = async (): Promise<Record<string, unknown>> => {
    const answer = await within(limitMs, answers(), name);
    if (typeof answer.refused === 'string') throw new Refusal(answer.refused);
    return answer;
  };
  const close = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.stdin.end();
    const timer = setTimeout(() => child.kill('SIGKILL'), 3000);
    await gone;
    clearTimeout(timer);
  };
  try {
    return {
      name,
      introduction: await next(),
      async ask<T>(request: object) {
        child.stdin.write(`${JSON.stringify(request)}\n`);
        return (await next()) as T;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Each call resolves with the next line of JSON; other output of libraries is passed over. */
function answersOf(child: ChildProcess): () => Promise<Record<string, unknown>> {
  const waiting: ((answer: Record<string, unknown>) => void)[] = [];
  const arrived: Record<string, unknown>[] = [];
  let errors = '';
  const deliver = (answer: Record<string, unknown>): void => {
    const receiver = waiting.shift();
    if (receiver === undefined) arrived.push(answer);
    else receiver(answer);
  };
  readline.createInterface({ input: child.stdout! }).on('line', (line) => {
    if (line.startsWith('{')) deliver(JSON.parse(line) as Record<string, unknown>);
  });
  child.stderr!.on('data', (data: Buffer) => (errors = (errors + data.toString()).slice(-2000)));
  child.stdin!.on('error', () => {});
  child.on('error', (error) => deliver({ refused: error.message }));
  child.on('close', (code) => deliver({ refused: `it ended with code ${code}${errors === '' ? '' : `: ${lastLine(errors)}`}` }));
  return () => {
    const answer = arrived.shift();
    return answer === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(answer);
  };
}

/** The line that names the error: Node prints the stack after it, Python before it. */
function lastLine(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return (lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1) ?? '').trim();
}

async function within<T>(limitMs: number, promise: Promise<T>, name: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Refusal(`${name} gave no answer within ${limitMs / 1000} s`)), limitMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
