/** How a training's progress reads on stderr: one updating line on a terminal, otherwise a line per epoch. */
import type { TrainingRecord } from '../../core/train/records.ts';
import type { Terminal } from './command.ts';
import { formatNumber } from './table.ts';

export interface Progress {
  records(records: readonly TrainingRecord[]): void;
  /** Writes what is still held back. */
  end(): void;
}

export function createProgress(epochs: number, terminal: Terminal): Progress {
  let first: TrainingRecord | undefined;
  /** Sums of the running epoch's training metrics. */
  let sums: Record<string, number> = {};
  let count = 0;
  let validation: Record<string, number> = {};
  /** The epoch's line, held back because its validation comes in a record of its own. */
  let held: TrainingRecord | undefined;

  function line(record: TrainingRecord): string {
    const means = Object.entries(sums).map(([name, sum]) => [name, sum / count] as const);
    return [
      `epoch ${formatEpoch(record.epoch)}/${epochs}`,
      `step ${record.step}`,
      ...[...means, ...Object.entries(validation)].map(([name, value]) => `${name} ${formatNumber(value)}`),
    ].join('  ');
  }

  function writeHeld(): void {
    if (held === undefined) return;
    if (!terminal.isTerminal) terminal.err(`${line(held)}  ${(held.elapsedMs / 1000).toFixed(1)} s`);
    held = undefined;
    sums = {};
    count = 0;
    if (!terminal.isTerminal) validation = {};
  }

  function add(record: TrainingRecord): void {
    if (held !== undefined && record.step > held.step) writeHeld();
    const entries = Object.entries(record.metrics);
    if (entries.some(([name]) => name.startsWith('validation/'))) {
      validation = Object.fromEntries(entries);
      held = record;
      return;
    }
    for (const [name, value] of entries) if (name !== 'train/learningRate') sums[name] = (sums[name] ?? 0) + value;
    count++;
    if (Number.isInteger(record.epoch)) held = record;
  }

  function remaining(record: TrainingRecord): string {
    first ??= record;
    const done = record.epoch - first.epoch;
    if (done <= 0) return '';
    const leftMs = ((record.elapsedMs - first.elapsedMs) / done) * (epochs - record.epoch);
    return `  ${Math.ceil(leftMs / 1000)} s left`;
  }

  return {
    records(records) {
      for (const record of records) add(record);
      const last = records.at(-1);
      if (last !== undefined && count > 0) terminal.status(line(last) + remaining(last));
    },
    end() {
      writeHeld();
      terminal.status('');
    },
  };
}

function formatEpoch(epoch: number): string {
  return Number.isInteger(epoch) ? String(epoch) : epoch.toFixed(2);
}
