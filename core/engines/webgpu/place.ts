/** Where a program's buffers lie in the pages. */
import type { BufferRef } from '../../plan/kernelProgram.ts';
import type { Place, PlacedBuffer } from './shader.ts';
import type { StepBlock } from './stepBlock.ts';

/** Where a place of the slots or the arena, counted as in one stretch, lies when that is cut into pages. */
export function pageOf(kind: 'slot' | 'arena', { byteOffset, byteLength }: Omit<BufferRef, 'region'>, pageBytes: number): PlacedBuffer {
  // What has no bytes may stand behind the last page.
  if (byteLength === 0) return { page: { kind, index: 0 }, byteOffset: 0 };
  return { page: { kind, index: Math.floor(byteOffset / pageBytes) }, byteOffset: byteOffset % pageBytes };
}

/** Slots and arena as in one stretch, cut into pages; the others in the step page. */
export function placeIn(block: StepBlock, pageBytes: number): Place {
  return (buffer) => {
    const { region } = buffer;
    if (region === 'slot' || region === 'arena') return pageOf(region, buffer, pageBytes);
    return { page: { kind: 'step', index: 0 }, byteOffset: block.places[region] + buffer.byteOffset };
  };
}
