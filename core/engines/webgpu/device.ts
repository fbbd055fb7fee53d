/** Opens the graphics adapter: its limits at their largest, its name, and what became of the device in the end. */
import { raise, type Problem } from '../../problem.ts';
import type { GpuAdapter } from './adapter.ts';
import type { GpuLimits } from './shader.ts';

export interface OpenDevice {
  readonly device: GPUDevice;
  readonly adapter: GpuAdapter;
  /** Why, in words, once the device is gone; also after `device.destroy()`. */
  readonly lost: Promise<string>;
}

export interface DeviceOptions {
  /** Default: the fastest. */
  readonly powerPreference?: GPUPowerPreference;
}

/** Asked for at the adapter's largest; all else stays at the defaults that every adapter has. */
const raised = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupsPerDimension',
] as const satisfies readonly (keyof GPUSupportedLimits)[];

const useful: readonly GPUFeatureName[] = ['subgroups', 'timestamp-query'];

/** Sizes of pages are multiples of it. */
const pageAlignment = 256;

/** Names of adapters that compute on the processor. */
const softwareNames = /swiftshader|llvmpipe|lavapipe|softpipe|software|basic render|\bwarp\b/i;

export const noGpu: Problem = {
  code: 'engine.noGpu',
  where: { kind: 'config', path: 'engine.kind' },
  message: 'No graphics adapter that WebGPU can use was found.',
  hint: 'Choose another engine, or update the graphics driver.',
};

/**
 * @param gpu `navigator.gpu`; undefined where the browser has none
 * @throws ProblemError `engine.noGpu`
 */
export async function openDevice(gpu: GPU | undefined, { powerPreference = 'high-performance' }: DeviceOptions = {}): Promise<OpenDevice> {
  const adapter = (await gpu?.requestAdapter({ powerPreference })) ?? (await gpu?.requestAdapter());
  if (adapter === undefined || adapter === null) raise(noGpu);
  const requiredLimits = Object.fromEntries(raised.map((name) => [name, adapter.limits[name]]));
  const requiredFeatures = useful.filter((name) => adapter.features.has(name));
  const device = await adapter.requestDevice({ requiredLimits, requiredFeatures }).catch((error: unknown) => {
    raise({ ...noGpu, message: `The graphics adapter could not be opened: ${error instanceof Error ? error.message : String(error)}.` });
  });
  const lost = device.lost.then(({ reason, message }) => lostReason(reason, message));
  return { device, adapter: describeAdapter(adapter.info, device), lost };
}

function lostReason(reason: GPUDeviceLostReason, message: string): string {
  if (reason === 'destroyed') return 'the graphics adapter was given back';
  const detail = message.trim().replace(/\.$/, '');
  return detail === '' ? 'the graphics adapter stopped answering' : `the graphics adapter stopped answering (${detail})`;
}

function describeAdapter(info: GPUAdapterInfo, { limits, features }: GPUDevice): GpuAdapter {
  const { vendor, architecture, description } = info;
  const names = [vendor, architecture, info.device, description].join(' ');
  const isSoftware = info.isFallbackAdapter || softwareNames.test(names);
  const name = /swiftshader/i.test(names) ? 'SwiftShader' : description || [vendor, architecture].filter((word) => word !== '').join(' ');
  return {
    label: `${name || 'graphics adapter'}${isSoftware ? ', software' : ''}`,
    vendor,
    architecture,
    description,
    isSoftware,
    maxBufferBytes: limits.maxBufferSize,
    limits: { ...limitsOf(limits, features), subgroupSize: subgroupSizeOf(info), isSoftware },
  };
}

function subgroupSizeOf({ subgroupMinSize, subgroupMaxSize }: GPUAdapterInfo): number {
  return subgroupMinSize === subgroupMaxSize ? (subgroupMinSize ?? 0) : 0;
}

function limitsOf(limits: GPUSupportedLimits, features: GPUSupportedFeatures): Omit<GpuLimits, 'subgroupSize' | 'isSoftware'> {
  const largest = Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);
  return {
    maxPageBytes: Math.floor(largest / pageAlignment) * pageAlignment,
    maxStorageBuffers: limits.maxStorageBuffersPerShaderStage,
    maxWorkgroupStorageBytes: limits.maxComputeWorkgroupStorageSize,
    maxWorkgroupThreads: Math.min(limits.maxComputeInvocationsPerWorkgroup, limits.maxComputeWorkgroupSizeX),
    maxWorkgroups: limits.maxComputeWorkgroupsPerDimension,
    subgroups: features.has('subgroups'),
  };
}
