/** Where values with memory lie: which buffer, how far into it and how far apart, in elements. */
import { rowMajorStrides } from '../ops/shapes.ts';
import type { DType, ValueId } from '../program/program.ts';
import type { Region } from './kernelProgram.ts';
import type { Roots } from './roots.ts';

export interface Buffer {
  /** Equal for the same buffer. */
  readonly key: string;
  readonly region: Region;
  readonly slot?: string;
  /** In region `arena`: the value that owns it. */
  readonly owner?: ValueId;
}

export interface Storage {
  readonly buffer: Buffer;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly strides: readonly number[];
  /** Row-major without gaps. */
  readonly dense: boolean;
}

const known = new WeakMap<Roots, Map<ValueId, Storage | undefined>>();

/** Undefined for values that are recomputed where they are read. */
export function storageOf(id: ValueId, roots: Roots): Storage | undefined {
  let storages = known.get(roots);
  if (storages === undefined) known.set(roots, (storages = new Map()));
  if (!storages.has(id)) storages.set(id, findStorage(id, roots));
  return storages.get(id);
}

function findStorage(id: ValueId, roots: Roots): Storage | undefined {
  const { shape, dtype } = roots.program.values[id]!;
  const dense = (buffer: Buffer, offset = 0): Storage => ({
    buffer,
    dtype,
    shape,
    offset,
    strides: rowMajorStrides(shape),
    dense: true,
  });
  const op = roots.opOf(id);
  if (op.op === 'slot') return dense({ key: `slot ${op.attrs.slot}`, region: 'slot', slot: op.attrs.slot });
  if (op.op === 'rows') return dense({ key: 'rows', region: 'rows' });
  if (op.op === 'scalar') return dense({ key: 'scalars', region: 'scalars' }, op.attrs.index);
  if (!roots.isRoot(id)) return undefined;
  const placed = roots.placedIn.get(id);
  if (placed === undefined) return dense({ key: `value ${id}`, region: 'arena', owner: id });
  const whole = storageOf(placed.whole, roots)!;
  return {
    buffer: whole.buffer,
    dtype,
    shape,
    offset: whole.offset + placed.place.start * whole.strides[placed.place.axis]!,
    strides: whole.strides,
    dense: false,
  };
}
