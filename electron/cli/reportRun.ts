/** What `train` says at the end: one JSON object in one line, or a few lines for people. */
import type { PartScore } from '../../core/train/records.ts';
import type { RunDetails } from '../contract/calls.ts';
import type { Terminal } from './command.ts';
import { formatNumber } from './table.ts';

export interface TestLook {
  readonly score: PartScore;
  readonly looks: number;
}

export function reportRun(run: RunDetails, look: TestLook | undefined, json: boolean, terminal: Terminal): void {
  const { train, validation } = run.scores;
  const epochs = run.status === 'completed' ? run.epochs : Math.floor(run.epoch);
  const seconds = Math.round(run.elapsedMs) / 1000;
  if (json) {
    terminal.out(
      JSON.stringify({
        run: run.id,
        epochs,
        train,
        ...(validation === undefined ? {} : { validation }),
        ...(look === undefined ? {} : { test: look.score }),
        seconds,
        ...(run.status === 'completed' ? {} : { status: run.status }),
      }),
    );
    return;
  }
  terminal.out(`Run ${run.id} "${run.name}": ${run.status}, ${epochs} epochs, ${seconds} s`);
  for (const [part, score] of [
    ['train', train],
    ['validation', validation],
    ['test', look?.score],
  ] as const) {
    if (score !== undefined) terminal.out(`  ${part.padEnd(10)}  ${formatScore(score)}`);
  }
  if (look !== undefined)
    terminal.err(
      look.looks === 1
        ? 'This was the first look at the test set.'
        : `This was look ${look.looks} at the test set: the more looks, the less it tells about new data.`,
    );
}

function formatScore(score: PartScore): string {
  return Object.entries(score)
    .filter((entry): entry is [string, number] => typeof entry[1] === 'number')
    .map(([name, value]) => `${name} ${formatNumber(value)}`)
    .join('  ');
}
