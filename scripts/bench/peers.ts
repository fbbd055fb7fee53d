/** Which peers can take part on this machine, and how each is started. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { runNpm } from '../setup/dependencies.mjs';
import { findOnPath, readJson } from '../setup/places.mjs';
import type { Command } from './contender.ts';

export interface Peer {
  readonly name: string;
  /** Several ways to run it; the fastest counts. */
  readonly variants: readonly ((taskFile: string) => Command)[];
}

const folder = path.join(import.meta.dirname, 'peers');

export const peerNames = ['pytorch', 'jax-js', 'tensorflow.js', 'plain-js'] as const;

/** Peers that are there, or could be installed; the others are named to `tell` with the reason. */
export async function findPeers(
  wanted: readonly string[] | null,
  python: string | undefined,
  tell: (text: string) => void,
): Promise<Peer[]> {
  const chosen = peerNames.filter((name) => wanted === null || wanted.includes(name));
  const fromNpm = chosen.some((name) => name === 'jax-js' || name === 'tensorflow.js') && (await installPackages(tell));
  return chosen.flatMap((name): Peer[] => {
    switch (name) {
      case 'pytorch': {
        const found = findPython(python, tell);
        if (found === undefined) return [];
        const script = path.join(folder, 'pytorch.py');
        return [{ name, variants: [1, 0].map((threads) => (task) => ({ file: found, args: [script, task, String(threads)] })) }];
      }
      case 'jax-js':
        return fromNpm ? [{ name, variants: [nodeScript('jax.mjs')] }] : [];
      case 'tensorflow.js':
        return fromNpm ? [{ name, variants: [nodeScript('tensorflow.mjs')] }] : [];
      case 'plain-js':
        return [{ name, variants: [nodeScript('plainJs.mjs')] }];
    }
  });
}

function nodeScript(file: string): (taskFile: string) => Command {
  return (task) => ({ file: process.execPath, args: [path.join(folder, file), task] });
}

/** The packages of peers/package-lock.json, once. */
export async function installPackages(tell: (text: string) => void): Promise<boolean> {
  const modules = path.join(folder, 'node_modules');
  const wanted = readJson(path.join(folder, 'package-lock.json'))?.packages ?? {};
  const installed = Object.entries(wanted).every(([place, entry]) => {
    if (place === '') return true;
    return readJson(path.join(folder, place, 'package.json'))?.version === (entry as { version: string }).version;
  });
  if (installed && fs.existsSync(modules)) return true;
  tell('Installing the JavaScript peers (once, about 70 MB) ...');
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { code, output } = await runNpm(args, { cwd: folder, limitMs: 300_000 });
  if (code !== 0) tell(`jax-js and TensorFlow.js are left out: npm could not install them (${output.trim().split('\n')[0] ?? ''}).`);
  return code === 0;
}

/** A Python that has PyTorch: the one asked for, else python3 on the PATH. */
function findPython(asked: string | undefined, tell: (text: string) => void): string | undefined {
  const file = asked ?? findOnPath('python3', 'python');
  if (file === undefined) {
    tell('PyTorch is left out: there is no python3 on the PATH.');
    return undefined;
  }
  const probe = spawnSync(file, ['-c', 'import numpy, torch'], { encoding: 'utf8', timeout: 120_000 });
  if (probe.status === 0) return file;
  const hint = 'Name a Python that has PyTorch in LAYERBENCH_PYTHON or with --python.';
  tell(`PyTorch is left out: ${asked ?? 'python3'} cannot import torch and numpy. ${hint}`);
  return undefined;
}
