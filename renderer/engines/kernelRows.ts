/** The kernels of one layer as the inspector lists them: equal ones together, with their time and share. */
import { isWithin } from '../../core/graph/blockPath.ts';
import type { NodeId } from '../../core/graph/document.ts';
import type { KernelDescription } from '../../core/plan/describeKernel.ts';

export interface KernelRow extends KernelDescription {
  /** Index in the plan of the first of them, whose text is shown. */
  readonly index: number;
  readonly count: number;
  /** Of all of them in one step. */
  readonly durationMs?: number;
  /** Of the sum of all kernels of a step. */
  readonly share?: number;
}

/**
 * In the order of their first run. An unrolled recurrence has the same kernel many times, and so has a block that repeats.
 * `path`: the layer's node, behind those of the blocks it stands in.
 */
export function kernelRows(kernels: readonly KernelDescription[], path: readonly NodeId[], kernelMs?: readonly number[]): KernelRow[] {
  const total = kernelMs?.reduce((sum, time) => sum + time, 0) ?? 0;
  const rows = new Map<string, KernelRow>();
  kernels.forEach((kernel, index) => {
    if (!isWithin(kernel.node ?? '', path)) return;
    const key = `${kernel.sort} ${kernel.shape} ${kernel.title}`;
    const known = rows.get(key);
    const time = kernelMs?.[index];
    const durationMs = time === undefined ? undefined : time + (known?.durationMs ?? 0);
    rows.set(key, {
      ...kernel,
      index: known?.index ?? index,
      count: (known?.count ?? 0) + 1,
      flops: kernel.flops + (known?.flops ?? 0),
      bytes: kernel.bytes + (known?.bytes ?? 0),
      ...(durationMs === undefined ? {} : { durationMs, share: total > 0 ? durationMs / total : 0 }),
    });
  });
  return [...rows.values()];
}

/** `0.4 µs`, `12.3 µs`, `124 µs`, `2.4 ms`, `1.2 s`, `2 min 5 s`. */
export function formatSpan(durationMs: number): string {
  const three = (value: number, unit: string) => `${Number(value.toPrecision(3))}\u00a0${unit}`;
  if (!Number.isFinite(durationMs)) return '–';
  if (durationMs < 0.9995) return three(durationMs * 1000, 'µs');
  if (durationMs < 999.5) return three(durationMs, 'ms');
  if (durationMs < 99_950) return three(durationMs / 1000, 's');
  return `${Math.floor(durationMs / 60_000)}\u00a0min ${Math.round((durationMs % 60_000) / 1000)}\u00a0s`;
}
