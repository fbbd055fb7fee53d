/** Where a program's buffers lie in the pages. */
import type { BufferRef } from '../../plan/kernelProgram.ts';
import type { Place } from './shader.ts';
import type { StepBlock } from './stepBlock.ts';

/** Slots and arena as in one stretch, cut into pages; the others in the step page. */
export function placeIn(block: StepBlock, pageBytes: number): Place {
  return ({ region, byteOffset }: BufferRef) => {
    if (region !== 'slot' && region !== 'arena') {
      return { page: { kind: 'step', index: 0 }, byteOffset: block.places[region] + byteOffset };
    }
    return { page: { kind: region, index: Math.floor(byteOffset / pageBytes) }, byteOffset: byteOffset % pageBytes };
  };
}
