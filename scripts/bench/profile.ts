/** `--profile`: where the time of a step goes, kernel by kernel; processors on one thread. Equal kernels share a line. */
import { startContender } from './contender.ts';
import type { Command } from './contender.ts';
import type { KernelTime } from './engine/training.ts';
import { alignColumns, formatNumber } from './report.ts';

const steps = 9;
/** Each of seconds, on a software adapter. */
const gpuSteps = 3;
const patienceMs = 300_000;
const linesShown = 25;

/** @returns the table, or undefined where the engine has no kernels to time */
export async function profileWorkload(workload: string, engine: string, command: Command): Promise<string | undefined> {
  const contender = await startContender(engine, command, patienceMs);
  try {
    const { kernels } = await contender.ask<{ kernels: readonly KernelTime[] }>({
      steps: engine === 'webgpu' ? gpuSteps : steps,
      profile: true,
    });
    return kernels.length === 0
      ? undefined
      : `${workload} on ${engine}${engine === 'webgpu' ? '' : ', one thread'}\n${profileTable(kernels)}`;
  } finally {
    await contender.close();
  }
}

export function profileTable(kernels: readonly KernelTime[]): string {
  const total = kernels.reduce((sum, { microseconds }) => sum + microseconds, 0);
  const groups = new Map<string, { readonly first: KernelTime; count: number; microseconds: number }>();
  for (const kernel of kernels) {
    const key = `${kernel.kind} ${kernel.title} ${kernel.flops} ${kernel.bytes}`;
    const group = groups.get(key) ?? { first: kernel, count: 0, microseconds: 0 };
    group.count++;
    group.microseconds += kernel.microseconds;
    groups.set(key, group);
  }
  const slowest = [...groups.values()].sort((a, b) => b.microseconds - a.microseconds).slice(0, linesShown);
  const lines = slowest.map(({ first, count, microseconds }) => [
    first.kind,
    first.title.length > 60 ? `${first.title.slice(0, 57)}...` : first.title,
    String(count),
    formatNumber(microseconds),
    `${((100 * microseconds) / total).toFixed(1)} %`,
    formatNumber((count * first.flops) / microseconds / 1000),
    formatNumber((count * first.bytes) / microseconds / 1000),
  ]);
  const header = ['kind', 'kernel', 'count', '\u00b5s', 'share', 'GFLOP/s', 'GB/s'];
  return alignColumns([header, ...lines, ['all', '', String(kernels.length), formatNumber(total), '', '', '']]);
}
