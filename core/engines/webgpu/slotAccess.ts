/** Reading and writing slots from the host: GPU memory is written in whole words, slots of bytes need not be. */
import { elementBytes, type PlacedSlot } from '../../plan/plan.ts';
import type { DType } from '../../program/program.ts';
import type { SlotData } from '../engine.ts';
import type { GpuSession } from './gpuSession.ts';
import { pageOf } from './place.ts';
import { largestReadBytes } from './readback.ts';

function slotPlace({ memory, layout }: GpuSession, slot: PlacedSlot) {
  const { page, byteOffset } = pageOf('slot', slot, layout.pageBytes!);
  return { buffer: memory.page(page), byteOffset };
}

/** @param offset in elements; range and type have been checked */
export async function writeSlot(session: GpuSession, slot: PlacedSlot, data: SlotData, offset: number): Promise<void> {
  if (data.length === 0) return;
  const { queue } = session.device;
  const { buffer, byteOffset } = slotPlace(session, slot);
  if (!(data instanceof Uint8Array)) {
    const stored = data instanceof Float64Array ? Float32Array.from(data) : data;
    queue.writeBuffer(buffer, byteOffset + 4 * offset, stored as Float32Array<ArrayBuffer>);
    return;
  }
  const from = offset - (offset % 4);
  const end = offset + data.length;
  const to = Math.ceil(end / 4) * 4;
  if (from === offset && to === end) {
    queue.writeBuffer(buffer, byteOffset + offset, data as Uint8Array<ArrayBuffer>);
    return;
  }
  // The other bytes of the first and the last word stay as they are.
  const words = new Uint8Array(to - from);
  if (from < offset) words.set(await readBytes(session, buffer, byteOffset + from, 4));
  if (end < Math.min(to, slot.byteLength)) words.set(await readBytes(session, buffer, byteOffset + to - 4, 4), words.length - 4);
  words.set(data, offset - from);
  queue.writeBuffer(buffer, byteOffset + from, words);
}

/** @param offset and `count` in elements; the range has been checked */
export async function readSlot(session: GpuSession, slot: PlacedSlot, offset: number, count: number): Promise<SlotData> {
  const { dtype } = slot.spec.type;
  const { buffer, byteOffset } = slotPlace(session, slot);
  const size = elementBytes(dtype);
  const start = offset * size;
  const skipped = start % 4;
  const bytes = await readBytes(session, buffer, byteOffset + start - skipped, Math.ceil((skipped + count * size) / 4) * 4);
  return typed(dtype, bytes, skipped, count);
}

/** Whole words. */
async function readBytes({ readback }: GpuSession, buffer: GPUBuffer, start: number, length: number): Promise<Uint8Array> {
  const part = (at: number, bytes: number) =>
    readback.read(bytes, (encoder, staging) => encoder.copyBufferToBuffer(buffer, start + at, staging, 0, bytes));
  if (length === 0) return new Uint8Array();
  if (length <= largestReadBytes) return part(0, length);
  const all = new Uint8Array(length);
  for (let at = 0; at < length; at += largestReadBytes) all.set(await part(at, Math.min(largestReadBytes, length - at)), at);
  return all;
}

function typed(dtype: DType, { buffer }: Uint8Array, start: number, count: number): SlotData {
  if (dtype === 'u8') return new Uint8Array(buffer.slice(start, start + count));
  return dtype === 'i32' ? new Int32Array(buffer, 0, count) : new Float32Array(buffer, 0, count);
}
