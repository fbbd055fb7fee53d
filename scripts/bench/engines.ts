/** Our engines as contenders. */
import path from 'node:path';
import { nodeEnvironment } from '../lib/run.mjs';
import { availableEngines } from '../../electron/trainer/engines.ts';
import type { Command } from './contender.ts';
import { UsageError } from './options.ts';

/** Those of this machine, fastest first, or those of them that were asked for. */
export function findEngines(asked: readonly string[], tell: (text: string) => void): string[] {
  const there: readonly string[] = availableEngines();
  const missing = asked.filter((name) => !there.includes(name));
  if (asked.length > 0 && missing.length === asked.length) {
    throw new UsageError(`This machine has no engine "${missing.join(', ')}"; it has ${there.join(', ')}.`);
  }
  for (const name of missing) tell(`The engine "${name}" is left out: this machine does not have it.`);
  return there.filter((name) => asked.length === 0 || asked.includes(name));
}

export function engineCommand(workload: string, engine: string, threads: number): Command {
  return nodeCommand(path.join(import.meta.dirname, 'engine', 'child.ts'), [workload, engine, String(threads)]);
}

/** A TypeScript file in a Node of its own, with the compiled code of earlier starts. */
export function nodeCommand(script: string, args: readonly string[]): Command {
  return {
    file: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', script, ...args],
    environment: nodeEnvironment() as Record<string, string>,
  };
}
