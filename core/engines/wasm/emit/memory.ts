/** Loads and stores of four neighbours along the vector axis, or of one element in all lanes, for every dtype and distance. */
import type { DType } from '../../../program/program.ts';
import type { Writer } from './writer.ts';

export const elementSizes: { readonly [D in DType]: number } = { f32: 4, i32: 4, u8: 1 };

/** `address + bytes` as an operand and an immediate offset, which can't be negative. */
function at(address: string, bytes: number): string {
  return bytes >= 0 ? `offset=${bytes} ${address}` : `(i32.add ${address} (i32.const ${bytes}))`;
}

/**
 * @param address of the first element
 * @param step elements between neighbours along the vector axis
 * @param lanes 4, or 1 for one element
 * @param shift elements from `address`, along the vector axis already multiplied by `step`
 */
export function emitLoad(dtype: DType, address: string, step: number, lanes: 1 | 4, shift: number): string {
  const size = elementSizes[dtype];
  const bytes = shift * size;
  if (lanes === 1 || step === 0) {
    return dtype === 'u8' ? `(i32x4.splat (i32.load8_u ${at(address, bytes)}))` : `(v128.load32_splat ${at(address, bytes)})`;
  }
  if (step === 1) {
    if (dtype !== 'u8') return `(v128.load ${at(address, bytes)})`;
    return `(i32x4.extend_low_i16x8_u (i16x8.extend_low_i8x16_u (v128.load32_zero ${at(address, bytes)})))`;
  }
  const place = (lane: number) => at(address, bytes + lane * step * size);
  if (dtype === 'u8') {
    return [1, 2, 3].reduce(
      (vector, lane) => `(i32x4.replace_lane ${lane} ${vector} (i32.load8_u ${place(lane)}))`,
      `(i32x4.splat (i32.load8_u ${place(0)}))`,
    );
  }
  return [1, 2, 3].reduce((vector, lane) => loadLane(lane, address, bytes + lane * step * size, vector), `(v128.load32_zero ${place(0)})`);
}

function loadLane(lane: number, address: string, bytes: number, vector: string): string {
  return bytes >= 0
    ? `(v128.load32_lane offset=${bytes} ${lane} ${address} ${vector})`
    : `(v128.load32_lane ${lane} (i32.add ${address} (i32.const ${bytes})) ${vector})`;
}

export function emitStore(w: Writer, dtype: DType, address: string, step: number, lanes: 1 | 4, shift: number, value: string): void {
  const size = elementSizes[dtype];
  const bytes = shift * size;
  if (lanes === 4 && step === 1) {
    if (dtype !== 'u8') {
      w.line(`(v128.store ${at(address, bytes)} ${value})`);
      return;
    }
    const narrow = `(i8x16.shuffle 0 4 8 12 0 0 0 0 0 0 0 0 0 0 0 0 ${value} ${value})`;
    w.line(bytes >= 0 ? `(v128.store32_lane offset=${bytes} 0 ${address} ${narrow})` : storeLane(0, address, bytes, narrow));
    return;
  }
  for (let lane = 0; lane < lanes; lane++) {
    const own = bytes + lane * step * size;
    if (dtype === 'u8') w.line(`(i32.store8 ${at(address, own)} (i32x4.extract_lane ${lane} ${value}))`);
    else w.line(storeLane(lane, address, own, value));
  }
}

function storeLane(lane: number, address: string, bytes: number, value: string): string {
  return bytes >= 0
    ? `(v128.store32_lane offset=${bytes} ${lane} ${address} ${value})`
    : `(v128.store32_lane ${lane} (i32.add ${address} (i32.const ${bytes})) ${value})`;
}
