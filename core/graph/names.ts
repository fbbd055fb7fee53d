/** Names and ids of new nodes: deterministic, short, unique within the document. */
import type { GraphParts, NetworkDocument } from './document.ts';

/** `leakyRelu` → `leaky_relu_1`, the first free number. */
export function uniqueName(type: string, taken: ReadonlySet<string>): string {
  const stem = type.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  let number = 1;
  while (taken.has(`${stem}_${number}`)) number += 1;
  return `${stem}_${number}`;
}

/** One more than the largest number in use: ids of deleted nodes come back only if they were the last. */
export function nextNodeId(document: GraphParts): string {
  return nextId('n', document.nodes);
}

export function nextEdgeId(document: GraphParts): string {
  return nextId('e', document.edges);
}

export function nextBlockId(document: NetworkDocument): string {
  return nextId('b', document.blocks);
}

/** `block 1`, the first free number. */
export function uniqueBlockName(base: string, taken: ReadonlySet<string>): string {
  let number = 1;
  while (taken.has(`${base} ${number}`)) number += 1;
  return `${base} ${number}`;
}

function nextId(prefix: string, items: readonly { readonly id: string }[]): string {
  let last = 0;
  for (const { id } of items) {
    const match = /^[a-z](\d{1,9})$/.exec(id);
    if (match !== null && id.startsWith(prefix)) last = Math.max(last, Number(match[1]));
  }
  return `${prefix}${last + 1}`;
}
