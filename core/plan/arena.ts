/** Places buffers in one stretch of memory: first fit among the holes that freed buffers leave. All in bytes. */
import { afterPageEdge } from './pages.ts';

/** Every buffer starts at a multiple: a cache line, and the widest vector any engine loads. */
export const alignmentBytes = 64;

export function alignUp(bytes: number): number {
  return Math.ceil(bytes / alignmentBytes) * alignmentBytes;
}

interface Hole {
  start: number;
  end: number;
}

export interface Arena {
  /** Offset of a buffer of this size. */
  allocate(byteLength: number): number;
  free(offset: number): void;
  /** The end of the furthest buffer so far. */
  readonly peakBytes: number;
}

/** @param pageBytes no buffer lies across a multiple of it; none may be larger */
export function createArena(pageBytes = Infinity): Arena {
  /** By start, never adjacent; the last reaches to infinity. */
  const holes: Hole[] = [{ start: 0, end: Infinity }];
  const lengths = new Map<number, number>();
  let peakBytes = 0;

  return {
    allocate(byteLength) {
      // An empty tensor takes a line too, so that no two buffers share an offset.
      const length = Math.max(alignUp(byteLength), alignmentBytes);
      const index = holes.findIndex((hole) => hole.end - afterPageEdge(hole.start, length, pageBytes) >= length);
      const hole = holes[index]!;
      const offset = afterPageEdge(hole.start, length, pageBytes);
      const rest = { start: offset + length, end: hole.end };
      hole.end = offset;
      holes.splice(index, 1, ...[hole, rest].filter(({ start, end }) => start < end));
      lengths.set(offset, length);
      peakBytes = Math.max(peakBytes, offset + length);
      return offset;
    },
    free(offset) {
      const length = lengths.get(offset);
      if (length === undefined) throw new Error(`arena: nothing is allocated at ${offset}`);
      lengths.delete(offset);
      const end = offset + length;
      const next = holes.findIndex((hole) => hole.start >= end);
      const before = holes[next - 1];
      const after = holes[next]!;
      if (before?.end === offset && after.start === end) {
        before.end = after.end;
        holes.splice(next, 1);
      } else if (before?.end === offset) {
        before.end = end;
      } else if (after.start === end) {
        after.start = offset;
      } else {
        holes.splice(next, 0, { start: offset, end });
      }
    },
    get peakBytes() {
      return peakBytes;
    },
  };
}
