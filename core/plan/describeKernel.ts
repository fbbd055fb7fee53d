/** What a kernel is, in words and figures, for people: the kernel inspector and the command line. */
import type { ContractAxis, Kernel } from './kernelProgram.ts';

export type KernelSort = 'contraction' | 'elementwise' | 'reduction' | 'segments';

export interface KernelDescription {
  readonly title: string;
  readonly sort: KernelSort;
  /** `32 × 128 · 784`: rows × columns · summed; `32 × 128`, `32 over 10`. */
  readonly shape: string;
  /** The layer most of it comes from. */
  readonly node?: string;
  readonly flops: number;
  /** Read and written. */
  readonly bytes: number;
}

export function describeKernel(kernel: Kernel): KernelDescription {
  const { title, node, flops, bytes } = kernel;
  return { title, ...sortAndShape(kernel), ...(node === undefined ? {} : { node }), flops, bytes };
}

function sortAndShape(kernel: Kernel): Pick<KernelDescription, 'sort' | 'shape'> {
  switch (kernel.kind) {
    case 'contract': {
      const batch = count(kernel.batch);
      const sums = `${count(kernel.m)} × ${count(kernel.n)} · ${count(kernel.k)}`;
      return { sort: 'contraction', shape: batch === 1 ? sums : `${batch} × (${sums})` };
    }
    case 'segment':
      return { sort: 'segments', shape: `${kernel.rows} × ${kernel.columns} to ${kernel.segmentCount}` };
    case 'loop': {
      const { sizes, outer, phases } = kernel.body;
      const product = (axes: readonly number[]) => axes.reduce((all, axis) => all * sizes[axis]!, 1);
      const rows = outer.map((axis) => sizes[axis]!).filter((size) => size > 1);
      const inner = Math.max(1, ...phases.map(product));
      const shape = rows.length === 0 ? '1' : rows.join(' × ');
      const reduces = kernel.body.nodes.some((body) => body.op === 'reduce');
      return { sort: reduces ? 'reduction' : 'elementwise', shape: inner === 1 ? shape : `${shape} over ${inner}` };
    }
    default:
      return kernel satisfies never;
  }
}

function count(axes: readonly ContractAxis[]): number {
  return axes.reduce((product, { size }) => product * size, 1);
}
