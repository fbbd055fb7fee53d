/** What is measured once per engine beside the time of a step: how soon training starts, and that it makes no garbage. */
import { startContender } from './contender.ts';
import { engineCommand } from './engines.ts';
import type { Check } from './report.ts';
import { median } from './statistics.ts';
import { findWorkload } from './workloads.ts';

/** Milliseconds from nothing to the first step's statistics: lower, plan, compile, copy the data, train one step. */
const firstStepLimitsMs: Readonly<Record<string, number>> = { 'mlp-b128': 300, 'gpt-d128': 1500 };
const starts = 3;
const garbageWorkload = 'mlp-b32';
const garbageSteps = 10_000;

/** The reference engine is left out: it promises neither. */
export async function runChecks(engines: readonly string[], threads: number, tell: (text: string) => void): Promise<Check[]> {
  const checks: Check[] = [];
  for (const engine of engines.filter((name) => name !== 'reference')) {
    for (const [workload, limit] of Object.entries(firstStepLimitsMs)) {
      if (findWorkload(workload) === undefined) continue;
      tell(`first step of ${workload} on ${engine} ...`);
      const times: number[] = [];
      for (let i = 0; i < starts; i++) {
        const contender = await startContender(engine, engineCommand(workload, engine, threads));
        times.push(Number(contender.introduction.firstStepMs));
        await contender.close();
      }
      checks.push({ name: `first step of ${workload}`, engine, value: median(times), unit: 'ms', limit });
    }
    tell(`garbage of ${garbageWorkload} on ${engine} ...`);
    const contender = await startContender(engine, engineCommand(garbageWorkload, engine, threads));
    await contender.ask({ steps: 100 });
    const { collections } = await contender.ask<{ collections: number }>({ steps: garbageSteps, collect: true });
    await contender.close();
    checks.push({
      name: `collections in ${garbageSteps.toLocaleString('en-US')} steps of ${garbageWorkload}`,
      engine,
      value: collections,
      unit: '',
      limit: 0,
    });
  }
  return checks;
}
