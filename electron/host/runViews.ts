/** Stored runs in the shape the contract promises. */
import type { NetworkDocument } from '../../core/graph/document.ts';
import type { RunDetails, RunSummary } from '../contract/calls.ts';
import type { SummaryValues } from '../store/metrics.ts';
import type { FullRun, StoredRun } from '../store/runs.ts';

export function toSummary(run: StoredRun, summary: SummaryValues): RunSummary {
  return {
    id: run.id,
    name: run.name,
    note: run.note,
    status: run.status,
    network: run.networkName,
    dataSet: run.dataName,
    startedAt: run.startedAt,
    elapsedMs: run.elapsedMs,
    step: run.step,
    totalSteps: run.totalSteps,
    epoch: run.epoch,
    epochs: run.epochs,
    parameterCount: run.parameterCount,
    summary,
    testLooks: run.testLooks,
    ...(run.problem === null ? {} : { problem: run.problem }),
    deleted: run.deleted,
  };
}

/** An interrupted run goes on from its last checkpoint or its beginning; others only from a checkpoint, and only if work is left. */
export function canResume(run: StoredRun, hasCheckpoint: boolean): boolean {
  if (run.deleted) return false;
  if (run.status === 'interrupted') return true;
  const workLeft = run.totalSteps === 0 || run.step < run.totalSteps;
  return (run.status === 'stopped' || run.status === 'failed') && hasCheckpoint && workLeft;
}

export function toDetails(run: FullRun, summary: SummaryValues, document: NetworkDocument, hasCheckpoint: boolean): RunDetails {
  return {
    ...toSummary(run, summary),
    config: run.config,
    document,
    documentHash: run.networkHash,
    dataHash: run.dataHash,
    engine: run.engine,
    samples: run.samples,
    scores: run.scores,
    canResume: canResume(run, hasCheckpoint),
  };
}
