/** Every word about engines, their speed and their kernels. */
import type { EngineInfo, EngineKind } from '../../core/engines/engine.ts';
import type { KernelSort } from '../../core/plan/describeKernel.ts';
import type { RunConfig } from '../../core/train/runConfig.ts';
import type { GpuAdapter } from '../../core/engines/webgpu/adapter.ts';
import type { AppInfo, KernelLanguage } from '../../electron/contract/calls.ts';
import { formatBytes } from '../ui/format.ts';

export const engineText = {
  threads: 'Threads',
  threadsDoc: 'Processor threads that share large kernels. Results are the same bits at any number.',
  speed: 'Speed here',
  samplesPerSecond: 'samples/s',
  measure: 'Measure',
  measureAgain: 'Measure again',
  measureWhy: 'Trains this network for under a second with every engine of this machine, and throws the result away.',
  cancel: 'Cancel',
  measuring: 'Measuring …',
  stale: 'Measured before the last change.',
  choose: (name: string) => `Train with ${name}`,
  details: (perStep: string, load: string, numerics: string) => `${perStep} per step · starts in ${load} · ${numerics}`,
  slow: 'too slow',
  kernels: 'Kernels',
  kernelsDoc: 'What a training step makes of this layer, forward and backward, in order.',
  share: (share: string) => `${share} of the step`,
  times: (count: number) => (count === 1 ? '' : ` ×${count}`),
  more: (count: number) => `and ${count} more`,
  noKernels: 'This layer has no kernel of its own: its work is part of the kernels of its neighbours.',
  kernelsLater: 'Known once the network can be trained.',
  planning: 'Planning …',
  text: (title: string, language: KernelLanguage) => `${languages[language]} of ${title}`,
  copy: 'Copy',
  copied: 'Copied',
  native: 'Its sums are computed by the native accelerator; this is the code around it.',
  referenceRuns: 'The reference engine is chosen, which computes operation by operation. These are the kernels of the other engines.',
  measured: (steps: string, engine: string) =>
    `Each kernel timed by itself, in order, with ${engine}: the middle of ${steps} steps. Shares are of the sum of all kernels.`,
  memory: 'Training memory',
  memoryDoc: (slots: string, arena: string) => `${slots} weights, optimizer states and data; ${arena} activations and gradients`,
  epochTime: 'Time per epoch here',
  sorts: { contraction: 'contraction', elementwise: 'elementwise', reduction: 'reduction', segments: 'segments' } satisfies Record<
    KernelSort,
    string
  >,
};

const languages: Readonly<Record<KernelLanguage, string>> = { wasm: 'WebAssembly text', wgsl: 'WGSL' };

const kindNames: Readonly<Record<EngineKind, string>> = { native: 'native', wasm: 'wasm', reference: 'reference', webgpu: 'WebGPU' };

/** `native AVX-512, 2 threads`, `wasm, 1 thread`, `WebGPU nvidia ampere`: an engine that runs or ran. */
export function engineName({ kind, label }: Pick<EngineInfo, 'kind' | 'label'>): string {
  if (kind === 'webgpu') return `${kindNames.webgpu} ${label.replace(/^webgpu, /, '')}`;
  return label.startsWith(kindNames[kind]) ? label : `${kindNames[kind]} ${label}`;
}

/** The same for an engine that would run. */
export function choiceName({ kind, threads }: RunConfig['engine'], info: Pick<AppInfo, 'engines' | 'accelerator' | 'gpu'> | null): string {
  const actual = kind === 'auto' ? (info?.engines[0] ?? 'reference') : kind;
  if (actual === 'webgpu') return [kindNames.webgpu, info?.gpu[0]?.label].filter(Boolean).join(' ');
  const name = actual === 'native' && info?.accelerator !== undefined ? `${kindNames.native} ${info.accelerator}` : kindNames[actual];
  const count = actual === 'reference' ? 1 : threads;
  return `${name}, ${count} ${count === 1 ? 'thread' : 'threads'}`;
}

/** `graphics card · buffers up to 4 GB, 1 GB at once · 16 KB shared by 256 threads`. */
export function adapterDetails({ isSoftware, maxBufferBytes, limits }: GpuAdapter): string {
  const { maxPageBytes, maxWorkgroupStorageBytes, maxWorkgroupThreads } = limits;
  const kind = isSoftware ? 'computed by the processor' : 'graphics card';
  const buffers = `buffers up to ${formatBytes(maxBufferBytes)}, ${formatBytes(maxPageBytes)} at once`;
  return `${kind} · ${buffers} · ${formatBytes(maxWorkgroupStorageBytes)} shared by ${maxWorkgroupThreads} threads`;
}
