/** Checkpoint files: written under a temporary name, flushed, renamed, so that a file with the final name is always whole. */
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { decodeCheckpoint, encodeCheckpoint } from '../../core/train/checkpoint.ts';
import type { Checkpoint } from '../../core/train/records.ts';
import { raiseFileError } from '../files/fileProblem.ts';
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
    raiseFileError(error, `Saving the checkpoint of step ${checkpoint.step}`, file);
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
    raiseFileError(error, 'Reading the checkpoint', file);
  }
  return decodeCheckpoint(bytes, basename(file));
}

/** What a crash left behind: files of a run's folder that were never recorded, or never got their final name. */
export async function removeStrayFiles(folder: string, keep: string | undefined): Promise<void> {
  const files = await readdir(folder).catch(() => []);
  for (const name of files) {
    if (/\.(checkpoint|tmp)$/.test(name) && (keep === undefined || name !== basename(keep))) await rm(join(folder, name), { force: true });
  }
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
