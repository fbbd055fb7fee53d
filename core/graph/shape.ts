/** Shapes with named dimensions, as they stand on every edge: `B × 1 × 28 × 28`. */

/** B batch, C channels, D depth, H height, W width, F features, T time, N nodes, E edges. */
export type DimName = 'B' | 'C' | 'D' | 'H' | 'W' | 'F' | 'T' | 'N' | 'E';

export interface Dim {
  readonly name: DimName;
  /** `null` for the batch, whose size is chosen when training starts. */
  readonly size: number | null;
}

/** The first dimension is always B. */
export type Shape = readonly Dim[];

export const batchDim: Dim = { name: 'B', size: null };

export function dim(name: DimName, size: number): Dim {
  return { name, size };
}

/** By how many there are besides the batch: features, sequences, images, volumes. */
const sampleDims: readonly (readonly DimName[])[] = [['F'], ['T', 'F'], ['C', 'H', 'W'], ['C', 'D', 'H', 'W']];

/** The shape of samples with these sizes; undefined where there is no name for so many. */
export function namedShape(sizes: readonly number[]): Shape | undefined {
  const names = sampleDims[sizes.length - 1];
  return names === undefined ? undefined : [batchDim, ...names.map((name, i) => dim(name, sizes[i] ?? 1))];
}

/** Edges as pairs of node numbers, from and to: B × E × 2. Whole numbers, unlike edge features (B × E × F). */
export function edgesShape(count: number): Shape {
  return [batchDim, dim('E', count), dim('N', 2)];
}

/** `B × 6 × 28 × 28` */
export function formatShape(shape: Shape): string {
  return shape.map((d) => (d.size === null ? d.name : String(d.size))).join(' × ');
}

/** Elements of one sample: the product of every dimension but the batch. */
export function sampleSize(shape: Shape): number {
  return shape.reduce((product, d) => product * (d.size ?? 1), 1);
}

/** The shape as plain numbers once the batch size is known. */
export function concreteShape(shape: Shape, batchSize: number): number[] {
  return shape.map((d) => d.size ?? batchSize);
}

export function shapesEqual(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((d, i) => d.size === b[i]?.size);
}
