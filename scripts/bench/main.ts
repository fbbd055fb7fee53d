/** `npm run bench`: see README.md beside this file. Results go to stdout, everything else to stderr. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runChecks } from './checks.ts';
import { gpuField, gpuWorkloads } from './browser/field.ts';
import { cpuField } from './field.ts';
import type { Field } from './field.ts';
import { measure } from './measure.ts';
import type { Entry, Measured } from './measure.ts';
import { help, parseOptions, UsageError } from './options.ts';
import type { BenchOptions } from './options.ts';
import { profileWorkload } from './profile.ts';
import { makeRow, toJson, toLine, toTable } from './report.ts';
import type { Absence, Machine, Row } from './report.ts';
import { writeMatmulTask, writeTrainingTask } from './task.ts';
import { findWorkload, matmulSizes, workloads } from './workloads.ts';

const tell = (text: string): void => void process.stderr.write(`${text}\n`);

/** On a graphics adapter a step may take seconds, on the processor only that of a peer in trouble does. */
const slowStepUs = { processor: 2_000_000, webgpu: 5_000_000 };
const slowTurns = { processor: 0, webgpu: 2 };

async function bench(options: BenchOptions): Promise<void> {
  const place = options.webgpu ? 'webgpu' : 'processor';
  const ids = chosenWorkloads(options);
  const field = options.webgpu ? await gpuField(options.profile ? [] : options.peers, tell) : await cpuField(options, tell);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'layerbench-bench-'));
  try {
    if (options.profile) return await printProfiles(folder, ids, field);
    const rows: Row[] = [];
    const absent: Absence[] = [];
    const abouts = new Map<string, string>();
    let adapter: string | undefined;
    for (const id of ids) {
      tell(`${id} ...`);
      const onAbsent = (name: string, reason: string): void => {
        absent.push({ workload: id, name, reason });
        tell(`${id}: ${name} takes no part: ${reason}.`);
      };
      const slow = { slowStepUs: slowStepUs[place], slowTurns: options.quick ? 0 : slowTurns[place] };
      const measured = await measure(entriesOf(field, id, writeTask(folder, id)), { ...options, ...slow, onAbsent });
      adapter ??= measured.map(({ introduction }) => introduction.adapter).find((label) => typeof label === 'string');
      const done = rowsOf(id, measured, field, abouts);
      for (const row of done) tell(`${id}: ${toLine(row)}`);
      rows.push(...done);
    }
    const engines = field.engines.map(({ name }) => name);
    const checks = options.checks ? await runChecks(engines, options.threads, tell) : [];
    const report = { machine: describeMachine(abouts, adapter), rows, absent, checks };
    process.stdout.write(options.json ? `${toJson(report)}\n` : toTable(report));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function entriesOf({ engines, peers }: Field, id: string, taskFile: string): Entry[] {
  const ours = engines.map(({ name, command }): Entry => ({ name, ours: true, command: command(id, taskFile) }));
  const theirs = peers.flatMap(({ name, variants }) =>
    variants.map((variant): Entry => ({ name, ours: false, command: variant(id, taskFile) })),
  );
  return [...ours, ...theirs];
}

async function printProfiles(folder: string, ids: readonly string[], { engines }: Field): Promise<void> {
  for (const id of ids) {
    const taskFile = writeTask(folder, id);
    for (const { name, profiled } of engines) {
      if (profiled === undefined) continue;
      const table = await profileWorkload(id, name, profiled(id, taskFile)).catch((error: unknown) => {
        tell(`${id}: ${name} has no profile: ${(error as Error).message}.`);
      });
      if (typeof table === 'string') process.stdout.write(`${table}\n\n`);
    }
  }
}

function chosenWorkloads({ workloads: asked, webgpu }: BenchOptions): string[] {
  const trainings = workloads.map(({ id }) => id);
  const known = webgpu ? trainings : [...trainings, ...matmulSizes.map((size) => `matmul-${size}`)];
  const unknown = asked.find((id) => !known.includes(id));
  if (unknown !== undefined) throw new UsageError(`There is no workload "${unknown}"; there are ${known.join(', ')}.`);
  const all = webgpu ? gpuWorkloads : known;
  return known.filter((id) => (asked.length === 0 ? all : asked).includes(id));
}

function writeTask(folder: string, id: string): string {
  const workload = findWorkload(id);
  return workload === undefined ? writeMatmulTask(folder, Number(id.slice('matmul-'.length))) : writeTrainingTask(folder, workload);
}

/** One row per engine, each against the fastest variant of each peer; who they are goes to `abouts`. */
function rowsOf(id: string, measured: readonly Measured[], { peers }: Field, abouts: Map<string, string>): Row[] {
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

function describeMachine(abouts: ReadonlyMap<string, string>, adapter: string | undefined): Machine {
  const { model = 'unknown processor' } = os.cpus()[0] ?? {};
  return {
    cpu: model.trim(),
    cores: os.availableParallelism(),
    platform: `${process.platform}-${process.arch}`,
    node: process.versions.node,
    ...(adapter === undefined ? {} : { adapter }),
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
