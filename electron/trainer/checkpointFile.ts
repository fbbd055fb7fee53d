/** Checkpoint files: written under a temporary name, flushed, renamed, so that a file with the final name is always whole. */
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { raise } from '../../core/problem.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../core/train/checkpoint.ts';
import type { Checkpoint } from '../../core/train/records.ts';
import type { CheckpointSaved } from './protocol.ts';

/** @throws ProblemError when the disk refuses */
export async function writeCheckpointFile(folder: string, checkpoint: Checkpoint): Promise<CheckpointSaved> {
  const file = join(folder, `step-${String(checkpoint.step).padStart(9, '0')}.checkpoint`);
  const temporary = `${file}.${process.pid}.tmp`;
  const bytes = encodeCheckpoint(checkpoint);
  try {
    await mkdir(folder, { recursive: true });
    const handle = await open(temporary, 'w');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
    await syncFolder(folder);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    const { code } = error as NodeJS.ErrnoException;
    raise({
      code: code === 'ENOSPC' || code === 'EDQUOT' ? 'checkpoint.diskFull' : 'checkpoint.notWritten',
      message: `The checkpoint of step ${checkpoint.step} (${bytes.length} bytes) could not be saved in "${folder}": ${reason(code)}.`,
      where: { kind: 'file', file },
      hint: 'Make room or repair the folder, then resume the run.',
    });
  }
  const { step, epoch, elapsedMs, learningRate } = checkpoint;
  return { type: 'checkpoint', file, sizeBytes: bytes.length, step, epoch, elapsedMs, learningRate };
}

/** @throws ProblemError when it is missing, foreign or damaged */
export async function readCheckpointFile(file: string): Promise<Checkpoint> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    raise({
      code: 'checkpoint.notRead',
      message: `The checkpoint "${basename(file)}" could not be read: ${reason((error as NodeJS.ErrnoException).code)}.`,
      where: { kind: 'file', file },
      hint: 'Train again from the start.',
    });
  }
  return decodeCheckpoint(bytes, basename(file));
}

/** Makes the rename itself survive a power cut; Windows has no such call for folders. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function reason(code: string | undefined): string {
  switch (code) {
    case 'ENOSPC': return 'the disk is full';
    case 'EDQUOT': return 'the disk quota is used up';
    case 'EACCES': case 'EPERM': return 'access is denied';
    case 'EROFS': return 'the disk is read-only';
    case 'ENOENT': return 'it does not exist';
    case 'ENOTDIR': return 'a part of the path is not a folder';
    default: return code ?? 'unknown reason';
  }
}
