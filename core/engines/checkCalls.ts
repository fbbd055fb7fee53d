/** What every engine refuses, in the same words. */
import { elementCount } from '../ops/shapes.ts';
import type { DType, Program, SlotSpec } from '../program/program.ts';
import type { RunRequest, SlotData } from './engine.ts';

const arrays = { f32: 'Float32Array', i32: 'Int32Array', u8: 'Uint8Array' } as const satisfies Record<DType, string>;

export function checkRange(slot: string, size: number, offset: number, count: number): void {
  if (offset < 0 || count < 0 || offset + count > size) {
    throw new Error(`slot "${slot}" has ${size} elements, ${offset}..${offset + count} is outside`);
  }
}

/** Numbers of either precision may be written to an f32 slot. */
export function checkWrite({ name, type }: SlotSpec, data: SlotData, offset: number): void {
  checkRange(name, elementCount(type.shape), offset, data.length);
  const expected = arrays[type.dtype];
  const got = data.constructor.name;
  if (got !== expected && !(type.dtype === 'f32' && data instanceof Float64Array)) {
    throw new Error(`write: slot "${name}" takes ${expected}, got ${got}`);
  }
}

/** @param rowsPerStep 0 where the program reads none */
export function checkRequest({ name, scalarNames }: Program, { steps, rows, scalars }: RunRequest, rowsPerStep: number): void {
  const check = (what: string, actual: number, expected: number) => {
    if (actual < expected) throw new Error(`run "${name}": needs ${expected} ${what}, got ${actual}`);
  };
  check('rows', rows?.length ?? 0, steps * rowsPerStep);
  check('scalars', scalars?.length ?? 0, steps * scalarNames.length);
}
