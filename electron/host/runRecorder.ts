/**
 * Writes what a training says into the store, each group of events in one transaction, and only then passes it on:
 * what the interface shows is already on disk.
 */
import { rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { RunId } from '../contract/calls.ts';
import type { TrainingRecord } from '../../core/train/records.ts';
import type { RunChange } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import type { TrainerEvent } from '../trainer/trainerThread.ts';

export interface Recorded {
  readonly records: readonly TrainingRecord[];
  /** What was known of later steps was forgotten before these records came. */
  readonly rewoundTo?: number;
  /** More than progress changed: status, scores, engine. */
  readonly statusChanged: boolean;
}

/** @throws an SQLite error; nothing of the group is then written */
export function recordEvents(store: Store, libraryFolder: string, id: RunId, events: readonly TrainerEvent[], now: number): Recorded {
  let records: TrainingRecord[] = [];
  let rewoundTo: number | undefined;
  let statusChanged = false;
  let oldFiles: string[] = [];

  const write = (): void => {
    let change: RunChange = { heartbeatAt: now };
    for (const event of events) {
      switch (event.type) {
        case 'started':
          change = {
            ...change,
            status: 'running',
            engine: event.engine,
            totalSteps: event.totalSteps,
            parameterCount: event.parameterCount,
            samples: event.samples,
          };
          break;
        case 'record':
          records.push(event);
          change = { ...change, step: event.step, epoch: event.epoch, elapsedMs: event.elapsedMs };
          break;
        case 'rewound':
          records = records.filter(({ step }) => step <= event.step);
          rewoundTo = Math.min(rewoundTo ?? Infinity, event.step);
          change = { ...change, step: event.step, epoch: event.epoch, elapsedMs: event.elapsedMs };
          break;
        case 'checkpoint':
          store.runs.addCheckpoint({
            run: id,
            step: event.step,
            epoch: event.epoch,
            elapsedMs: event.elapsedMs,
            learningRate: event.learningRate,
            file: relative(libraryFolder, event.file),
            sizeBytes: event.sizeBytes,
          });
          break;
        case 'paused':
          change = { ...change, status: 'paused', step: event.step };
          break;
        case 'continued':
          change = { ...change, status: 'running' };
          break;
        case 'finished':
          change = {
            ...change,
            status: event.reason,
            step: event.step,
            epoch: event.epoch,
            elapsedMs: event.elapsedMs,
            scores: { train: event.train, ...(event.validation === undefined ? {} : { validation: event.validation }) },
            owner: null,
          };
          break;
        case 'failed':
          change = { ...change, status: 'failed', problem: event.problem, owner: null };
          break;
        case 'notice':
          break;
        default:
          event satisfies never;
      }
      statusChanged ||= event.type !== 'record' && event.type !== 'checkpoint' && event.type !== 'notice';
    }
    if (rewoundTo !== undefined) store.metrics.truncateAfter(id, rewoundTo);
    store.metrics.append(id, records);
    if (change.scores !== undefined) store.metrics.settle(id, scoreMetrics(change.scores));
    store.runs.change(id, change);
    if (events.some((event) => event.type === 'checkpoint')) oldFiles = store.runs.dropOldCheckpoints(id);
  };
  try {
    store.transaction(write);
  } catch (error) {
    // Open buckets in memory may be ahead of the file now: they are read again.
    store.metrics.release(id);
    throw error;
  }

  for (const file of oldFiles) void rm(join(libraryFolder, file), { force: true }).catch(() => undefined);
  return { records, statusChanged, ...(rewoundTo === undefined ? {} : { rewoundTo }) };
}

/** `train/loss`, `validation/accuracy`, ... as the metrics are called. */
function scoreMetrics(scores: NonNullable<RunChange['scores']>): Record<string, number> {
  const metrics: Record<string, number> = {};
  for (const part of ['train', 'validation'] as const) {
    // A confusion matrix is no quantity that runs are compared by.
    for (const [quantity, value] of Object.entries(scores[part] ?? {})) {
      if (typeof value === 'number') metrics[`${part}/${quantity}`] = value;
    }
  }
  return metrics;
}
