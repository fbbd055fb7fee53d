/** `npm run bench`: see README.md beside this file. Results go to stdout, everything else to stderr. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runChecks } from './checks.ts';
import { engineCommand, findEngines } from './engines.ts';
import { measure } from './measure.ts';
import type { Entry, Measured } from './measure.ts';
import { help, parseOptions, UsageError } from './options.ts';
import type { BenchOptions } from './options.ts';
import { findPeers } from './peers.ts';
import type { Peer } from './peers.ts';
import { profileWorkload } from './profile.ts';
import { makeRow, toJson, toTable } from './report.ts';
import type { Machine, Row } from './report.ts';
import { writeMatmulTask, writeTrainingTask } from './task.ts';
import { findWorkload, matmulSizes, workloads } from './workloads.ts';

const tell = (text: string): void => void process.stderr.write(`${text}\n`);

async function bench(options: BenchOptions): Promise<void> {
  const engines = findEngines(options.engines, tell);
  const ids = chosenWorkloads(options.workloads);
  if (options.profile) return printProfiles(ids, engines);
  const peers = await findPeers(options.peers, options.python, tell);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'layerbench-bench-'));
  try {
    const rows: Row[] = [];
    const abouts = new Map<string, string>();
    for (const id of ids) {
      tell(`${id} ...`);
      const taskFile = writeTask(folder, id);
      const ours = engines.map((engine): Entry => ({ name: engine, ours: true, command: engineCommand(id, engine, options.threads) }));
      const theirs = peers.flatMap(({ name, variants }) =>
        variants.map((variant): Entry => ({ name, ours: false, command: variant(taskFile) })),
      );
      rows.push(...rowsOf(id, await measure(id, [...ours, ...theirs], { ...options, tell }), peers, abouts));
    }
    const checks = options.checks ? await runChecks(engines, options.threads, tell) : [];
    const report = { machine: describeMachine(abouts), rows, checks };
    process.stdout.write(options.json ? `${toJson(report)}\n` : toTable(report));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function printProfiles(ids: readonly string[], engines: readonly string[]): Promise<void> {
  for (const id of ids) {
    for (const engine of engines.filter((name) => name !== 'reference')) {
      const table = await profileWorkload(id, engine);
      if (table !== undefined) process.stdout.write(`${table}\n\n`);
    }
  }
}

function chosenWorkloads(asked: readonly string[]): string[] {
  const known = [...workloads.map(({ id }) => id), ...matmulSizes.map((size) => `matmul-${size}`)];
  const unknown = asked.find((id) => !known.includes(id));
  if (unknown !== undefined) throw new UsageError(`There is no workload "${unknown}"; there are ${known.join(', ')}.`);
  return known.filter((id) => asked.length === 0 || asked.includes(id));
}

function writeTask(folder: string, id: string): string {
  const workload = findWorkload(id);
  return workload === undefined ? writeMatmulTask(folder, Number(id.slice('matmul-'.length))) : writeTrainingTask(folder, workload);
}

/** One row per engine, each against the fastest variant of each peer; who the peers are goes to `abouts`. */
function rowsOf(id: string, measured: readonly Measured[], peers: readonly Peer[], abouts: Map<string, string>): Row[] {
  const fastest: Record<string, number> = {};
  for (const { name } of peers) {
    const variants = measured.filter((one) => !one.ours && one.name === name).sort((a, b) => a.medianUs - b.medianUs);
    if (variants[0] === undefined) continue;
    fastest[name] = variants[0].medianUs;
    abouts.set(name, String(variants[0].introduction.ready));
  }
  return measured
    .filter(({ ours }) => ours)
    .map(({ name, medianUs, introduction }) => makeRow(id, name, medianUs, Number(introduction.flops), fastest));
}

function describeMachine(abouts: ReadonlyMap<string, string>): Machine {
  const { model = 'unknown processor' } = os.cpus()[0] ?? {};
  return {
    cpu: model.trim(),
    cores: os.availableParallelism(),
    platform: `${process.platform}-${process.arch}`,
    node: process.versions.node,
    peers: Object.fromEntries(abouts),
  };
}

try {
  const options = parseOptions(process.argv.slice(2));
  if (options === 'help') process.stdout.write(help);
  else await bench(options);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  tell(error.message);
  process.exitCode = 1;
}
