/** What is measured once per engine beside the time of a step: how soon training starts, and that it makes no garbage. */
import path from 'node:path';
import { startContender } from './contender.ts';
import { engineCommand, nodeCommand } from './engines.ts';
import type { Check } from './report.ts';
import { median } from './statistics.ts';
import { findWorkload } from './workloads.ts';

const firstRecordLimitMs = 300;
/** No data set of the app fits this one: timed from its session to the first step's loss, without the trainer's thread. */
const largestWorkload = 'gpt-d128';
const firstStepLimitMs = 1500;
const starts = 5;
const garbageWorkload = 'mlp-b32';
const garbageSteps = 10_000;

/** The reference engine is left out: it promises neither. */
export async function runChecks(engines: readonly string[], threads: number, tell: (text: string) => void): Promise<Check[]> {
  const checks: Check[] = [];
  for (const engine of engines.filter((name) => name !== 'reference')) {
    for (const check of [firstRecord, firstStep, garbage]) {
      try {
        checks.push(...(await check(engine, threads)));
      } catch (error) {
        tell(`${engine}: a check failed: ${(error as Error).message}`);
      }
    }
  }
  return checks;
}

async function firstRecord(engine: string, threads: number): Promise<Check[]> {
  const script = path.join(import.meta.dirname, 'engine', 'firstRecord.ts');
  const contender = await startContender(engine, nodeCommand(script, [engine, String(threads), String(starts)]));
  await contender.close();
  const value = median(contender.introduction.milliseconds as number[]);
  return [{ name: 'from Train to the first record of mlp-b128', engine, value, unit: 'ms', limit: firstRecordLimitMs }];
}

async function firstStep(engine: string, threads: number): Promise<Check[]> {
  if (findWorkload(largestWorkload) === undefined) return [];
  const times: number[] = [];
  for (let i = 0; i < starts; i++) {
    const contender = await startContender(engine, engineCommand(largestWorkload, engine, threads));
    times.push(Number(contender.introduction.firstStepMs));
    await contender.close();
  }
  return [
    { name: `from nothing to the first step of ${largestWorkload}`, engine, value: median(times), unit: 'ms', limit: firstStepLimitMs },
  ];
}

async function garbage(engine: string, threads: number): Promise<Check[]> {
  const contender = await startContender(engine, engineCommand(garbageWorkload, engine, threads));
  try {
    await contender.ask({ steps: 100 });
    const { collections } = await contender.ask<{ collections: number }>({ steps: garbageSteps, collect: true });
    const name = `garbage collections in ${garbageSteps.toLocaleString('en-US')} steps of ${garbageWorkload}`;
    return [{ name, engine, value: collections, unit: '', limit: 0 }];
  } finally {
    await contender.close();
  }
}
