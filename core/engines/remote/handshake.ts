/**
 * What is said before an engine computes: a window's worker tells the host its adapter, or why there is none, and again
 * whenever that changes; the host tells whoever opened a lane which adapter is at its other end.
 */
import type { Problem } from '../../problem.ts';
import type { EngineInfo } from '../engine.ts';
import { webgpuNumerics } from '../webgpu/adapter.ts';
import type { GpuAdapter } from '../webgpu/adapter.ts';
import { isObject, readProblem } from './protocol.ts';

export interface GpuOffer {
  readonly offer: { readonly adapter: GpuAdapter } | { readonly problem: Problem };
}

/** The offer, from a page that may say anything; null where it is none. */
export function readOffer(message: unknown): GpuOffer['offer'] | null {
  if (!isObject(message) || !isObject(message.offer)) return null;
  const { adapter, problem } = message.offer;
  if (problem !== undefined) {
    const read = readProblem(problem);
    return read === null ? null : { problem: read };
  }
  const read = readAdapter(adapter);
  return read === null ? null : { adapter: read };
}

const maxTextLength = 200;

function readAdapter(value: unknown): GpuAdapter | null {
  if (!isObject(value) || !isObject(value.limits)) return null;
  const { limits } = value;
  const text = (key: string): string => (typeof value[key] === 'string' ? value[key].slice(0, maxTextLength) : '');
  const counts = [
    value.maxBufferBytes,
    limits.maxPageBytes,
    limits.maxStorageBuffers,
    limits.maxWorkgroupStorageBytes,
    limits.maxWorkgroupThreads,
    limits.maxWorkgroups,
  ];
  if (!counts.every((count) => Number.isSafeInteger(count) && (count as number) > 0)) return null;
  const [maxBufferBytes, maxPageBytes, maxStorageBuffers, maxWorkgroupStorageBytes, maxWorkgroupThreads, maxWorkgroups] = counts as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return {
    label: text('label'),
    vendor: text('vendor'),
    architecture: text('architecture'),
    description: text('description'),
    isSoftware: value.isSoftware === true,
    maxBufferBytes,
    limits: {
      maxPageBytes,
      maxStorageBuffers,
      maxWorkgroupStorageBytes,
      maxWorkgroupThreads,
      maxWorkgroups,
      subgroups: limits.subgroups === true,
      subgroupSize: Number.isSafeInteger(limits.subgroupSize) ? (limits.subgroupSize as number) : 0,
      isSoftware: limits.isSoftware === true,
    },
  };
}

/** As the engine behind the adapter describes itself. */
export function gpuEngineInfo(adapter: GpuAdapter): EngineInfo {
  return { kind: 'webgpu', label: `webgpu, ${adapter.label}`, numerics: webgpuNumerics, threads: 1 };
}
