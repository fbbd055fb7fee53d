/** Fetches a file that the host made, piece by piece, and forgets it there. */
import type { Download } from '../../../electron/contract/calls.ts';
import { call } from '../../client.ts';

export async function fetchDownload({ download, sizeBytes }: Download, type: string): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let offset = 0; offset < sizeBytes;) {
    const { bytes } = await call('use.download', { download, offset });
    if (bytes.length === 0) break;
    parts.push(new Uint8Array(bytes));
    offset += bytes.length;
  }
  await call('use.endDownload', { download });
  return new Blob(parts, { type });
}
