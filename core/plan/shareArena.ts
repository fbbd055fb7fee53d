/**
 * Offsets of buffers in the arena by their lifetimes. A result takes over the memory of a value that its kernel reads last,
 * element for element, and what a kernel only keeps for itself lies where its result will be: less memory, and less to fetch.
 */
import type { ValueId } from '../program/program.ts';
import { createArena } from './arena.ts';
import type { Group } from './groups.ts';

interface Sizes {
  readonly bytesOf: (owner: ValueId) => number;
  /** No buffer lies across a multiple of it. */
  readonly pageBytes?: number | undefined;
}

/**
 * @param first position of the first group that touches each buffer, by the value that owns it
 * @param last position of the last one
 */
export function shareArena(
  groups: readonly Group[],
  first: ReadonlyMap<ValueId, number>,
  last: ReadonlyMap<ValueId, number>,
  { bytesOf, pageBytes }: Sizes,
): { offsets: ReadonlyMap<ValueId, number>; arenaBytes: number } {
  const arena = createArena(pageBytes);
  const offsets = new Map<ValueId, number>();
  const starting = bucket(first, groups.length);
  const ending = bucket(last, groups.length);
  for (let position = 0; position < groups.length; position++) {
    const group = groups[position]!;
    const dying = ending[position]!.filter((owner) => first.get(owner) !== position);
    const passing = starting[position]!.filter((owner) => last.get(owner) === position);
    const results = starting[position]!.filter((owner) => last.get(owner) !== position);
    const shared = new Set<ValueId>();
    for (const owner of results) {
      const donor = dying.find((other) => !shared.has(other) && bytesOf(other) === bytesOf(owner) && canReplace(group, owner, other));
      if (donor !== undefined) {
        shared.add(donor);
        offsets.set(owner, offsets.get(donor)!);
        continue;
      }
      offsets.set(owner, arena.allocate(bytesOf(owner)));
      const own = passing.find((other) => !shared.has(other) && bytesOf(other) === bytesOf(owner) && canReplace(group, owner, other));
      if (own === undefined) continue;
      shared.add(own);
      offsets.set(own, offsets.get(owner)!);
    }
    for (const owner of passing) if (!shared.has(owner)) offsets.set(owner, arena.allocate(bytesOf(owner)));
    for (const owner of [...dying, ...passing]) if (!shared.has(owner)) arena.free(offsets.get(owner)!);
  }
  return { offsets, arenaBytes: arena.peakBytes };
}

/** Whether the group reads `old` only element for element, and not after it has stored the new value there. */
function canReplace({ built, contract, kind }: Group, value: ValueId, old: ValueId): boolean {
  if (kind === 'segment' || contract?.left.base === old || contract?.right.base === old || contract?.root.value === old) return false;
  const store = built.stores.find(({ root }) => root.value === value && root.kind !== 'part' && root.kind !== 'fill');
  if (store === undefined || !store.storage.dense || store.storage.buffer.owner !== value) return false;
  const reads = built.valueReads.filter((read) => read.value === old);
  const own = built.stores.find(({ root }) => root.value === old);
  // Its own values: stored before, and in another phase, since within one the order of stores would decide.
  if (own !== undefined && (own.phase ?? -1) >= (store.phase ?? -1)) return false;
  return reads.length > 0 && reads.every((read) => read.inPlace && (read.phase ?? -1) <= (store.phase ?? -1));
}

function bucket(positions: ReadonlyMap<ValueId, number>, count: number): ValueId[][] {
  const buckets: ValueId[][] = Array.from({ length: count }, () => []);
  for (const [owner, position] of positions) buckets[position]?.push(owner);
  return buckets;
}
