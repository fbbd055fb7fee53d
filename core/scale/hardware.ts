/** What named hardware can compute at most, as its makers say, without sparsity. */
import type { Precision } from './memory.ts';

export interface Hardware {
  readonly id: string;
  readonly title: string;
  readonly year: number;
  /** Floating-point operations per second: of 32-bit numbers, and of matrix products of 16-bit numbers. */
  readonly peak: { readonly float32: number; readonly bits16: number };
  readonly memoryBytes: number;
  readonly source: string;
}

export const hardware: readonly Hardware[] = [
  {
    id: 'v100',
    title: 'NVIDIA V100',
    year: 2017,
    peak: { float32: 15.7e12, bits16: 125e12 },
    memoryBytes: 32e9,
    source: 'NVIDIA V100 data sheet, SXM2',
  },
  {
    id: 'a100',
    title: 'NVIDIA A100',
    year: 2020,
    peak: { float32: 19.5e12, bits16: 312e12 },
    memoryBytes: 80e9,
    source: 'NVIDIA A100 data sheet, SXM, 80 GB',
  },
  {
    id: 'rtx4090',
    title: 'NVIDIA RTX 4090',
    year: 2022,
    peak: { float32: 82.6e12, bits16: 165.2e12 },
    memoryBytes: 24e9,
    source: 'NVIDIA Ada GPU architecture, appendix A: 16 bits summed in 32',
  },
  {
    id: 'h100',
    title: 'NVIDIA H100',
    year: 2022,
    peak: { float32: 67e12, bits16: 989e12 },
    memoryBytes: 80e9,
    source: 'NVIDIA H100 data sheet, SXM',
  },
];

export function peakOf({ peak }: Hardware, precision: Precision): number {
  return precision === 'float32' ? peak.float32 : peak.bits16;
}

/** @param utilisation share of the peak that is reached, 0 to 1 @returns seconds */
export function secondsOn(device: Hardware, count: number, utilisation: number, precision: Precision, flops: number): number {
  return flops / (peakOf(device, precision) * count * utilisation);
}
