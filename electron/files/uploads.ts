/**
 * Files on their way into the library: the interface sends them in chunks, they wait in a temporary folder until
 * they are imported or given up. What an earlier session left there is removed at the start.
 */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { raise } from '../../core/problem.ts';
import { raiseFileError } from './fileProblem.ts';

export const defaultMaxUploadBytes = 1024 ** 3;

export interface Upload {
  readonly path: string;
  readonly fileName: string;
  readonly sizeBytes: number;
}

export interface Uploads {
  begin(fileName: string, sizeBytes: number): Promise<{ readonly upload: string }>;
  /** Chunks come in order; several may be on their way at once. */
  append(upload: string, bytes: Uint8Array): Promise<{ readonly received: number }>;
  /** @throws ProblemError where it is unknown or not complete */
  get(upload: string): Upload;
  /** Forgets the file; unknown names are fine. */
  remove(upload: string): Promise<void>;
}

interface Waiting extends Upload {
  received: number;
  /** The last write, so that chunks land in the order they came. */
  writing: Promise<unknown>;
}

export function createUploads(folder: string, options: { readonly maxBytes?: number } = {}): Uploads {
  const maxBytes = options.maxBytes ?? defaultMaxUploadBytes;
  const waiting = new Map<string, Waiting>();
  const cleaned = fs.promises.rm(folder, { recursive: true, force: true }).catch(() => undefined);

  function find(id: string): Waiting {
    return (
      waiting.get(id) ??
      raise({
        code: 'upload.unknown',
        message: 'This upload was cancelled or belongs to an earlier session.',
        hint: 'Choose the file again.',
      })
    );
  }

  async function remove(id: string): Promise<void> {
    const upload = waiting.get(id);
    waiting.delete(id);
    if (upload === undefined) return;
    await upload.writing.catch(() => undefined);
    await fs.promises.rm(upload.path, { force: true });
  }

  return {
    async begin(fileName, sizeBytes) {
      if (sizeBytes > maxBytes)
        raise({
          code: 'upload.tooLarge',
          message: `${fileName} has ${megabytes(sizeBytes)}, expected at most ${megabytes(maxBytes)}.`,
          where: { kind: 'file', file: fileName },
          hint: 'Keep fewer rows or columns.',
        });
      await cleaned;
      const id = randomUUID();
      // The name on disk is ours: a file name from outside must not lead anywhere.
      const file = path.join(folder, `${id}.upload`);
      try {
        await fs.promises.mkdir(folder, { recursive: true });
        await fs.promises.writeFile(file, '', { flag: 'wx' });
      } catch (error) {
        raiseFileError(error, `Receiving ${fileName}`, folder);
      }
      waiting.set(id, { path: file, fileName, sizeBytes, received: 0, writing: Promise.resolve() });
      return { upload: id };
    },

    async append(id, bytes) {
      const upload = find(id);
      if (upload.received + bytes.length > upload.sizeBytes) {
        await remove(id);
        raise({
          code: 'upload.tooLong',
          message: `${upload.fileName}: expected ${upload.sizeBytes} bytes, got more. The file changed while it was read.`,
          where: { kind: 'file', file: upload.fileName },
          hint: 'Choose the file again.',
        });
      }
      upload.received += bytes.length;
      const { received } = upload;
      const write = upload.writing.then(() => fs.promises.appendFile(upload.path, bytes));
      upload.writing = write;
      try {
        await write;
      } catch (error) {
        await remove(id);
        raiseFileError(error, `Receiving ${upload.fileName}`, upload.path);
      }
      return { received };
    },

    get(id) {
      const upload = find(id);
      if (upload.received !== upload.sizeBytes)
        raise({
          code: 'upload.incomplete',
          message: `${upload.fileName}: expected ${upload.sizeBytes} bytes, got ${upload.received} so far.`,
          where: { kind: 'file', file: upload.fileName },
          hint: 'Choose the file again.',
        });
      return { path: upload.path, fileName: upload.fileName, sizeBytes: upload.sizeBytes };
    },

    remove,
  };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(bytes < 10 * 1024 ** 2 ? 1 : 0)} MB`;
}
