/**
 * Memory in pieces, for engines whose largest buffer is limited: places are counted as in one stretch, and page i holds the
 * bytes from i · pageBytes on. Nothing lies across two pages.
 */
import { raise } from '../problem.ts';

/** The first offset, `start` or a page's beginning, at which so many bytes stay within a page. */
export function afterPageEdge(start: number, length: number, pageBytes: number): number {
  if (pageBytes === Infinity || length === 0) return start;
  const pageEnd = (Math.floor(start / pageBytes) + 1) * pageBytes;
  return start + length <= pageEnd ? start : pageEnd;
}

/** Sizes of the pages that so many bytes take. */
export function pageSizes(totalBytes: number, pageBytes: number): number[] {
  const count = Math.ceil(totalBytes / pageBytes);
  return Array.from({ length: count }, (_, i) => Math.min(pageBytes, totalBytes - i * pageBytes));
}

/** @throws ProblemError when one tensor alone is larger than a page */
export function checkFitsPage(what: string, byteLength: number, pageBytes: number): void {
  if (byteLength <= pageBytes) return;
  const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toLocaleString('en-US', { maximumSignificantDigits: 3 })} MB`;
  raise({
    code: 'engine.tensorTooLarge',
    where: { kind: 'config', path: 'engine.kind' },
    message: `${what} takes ${megabytes(byteLength)}, but this graphics adapter holds at most ${megabytes(pageBytes)} in one piece.`,
    hint: 'Use a smaller batch, or choose another engine.',
  });
}
