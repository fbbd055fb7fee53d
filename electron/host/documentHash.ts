/** The content hash of a network: what it computes, not where its nodes stand on the canvas. */
import { createHash } from 'node:crypto';
import type { NetworkDocument } from '../../core/graph/document.ts';
import { serializeDocument } from '../../core/graph/parseDocument.ts';
import type { RunConfig } from '../../core/train/runConfig.ts';

export function hashDocument(document: NetworkDocument): string {
  return createHash('sha256')
    .update(serializeDocument(document, { positions: false }))
    .digest('hex');
}

/** Whether two configs ask for the same training; the hashes a started run adds do not count. */
export function sameConfig(a: RunConfig, b: RunConfig): boolean {
  return canonical(a) === canonical(b);
}

function canonical(config: RunConfig): string {
  const plain = { ...config, network: null, data: config.data.id };
  return JSON.stringify(plain, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([x], [y]) => (x < y ? -1 : 1)))
      : value,
  );
}
