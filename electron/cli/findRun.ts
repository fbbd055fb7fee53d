/** The run a command is about: its number, or `last`. */
import { raise } from '../../core/problem.ts';
import type { RunId } from '../contract/calls.ts';
import type { Host } from '../host/host.ts';

const active: ReadonlySet<string> = new Set(['queued', 'running', 'paused']);

/** @throws ProblemError for what is no run */
export async function findRun(host: Host, text: string): Promise<RunId> {
  if (text === 'last') {
    const run = (await host.handlers['runs.list']({})).find(({ status }) => !active.has(status));
    return (
      run?.id ?? raise({ code: 'cli.noRuns', message: 'The library has no finished run.', hint: 'Train one with "layerbench train".' })
    );
  }
  const id = Number(text);
  if (Number.isSafeInteger(id) && id >= 1) return id;
  return raise({
    code: 'cli.runNumber',
    message: `Expected the number of a run or "last", got "${text}".`,
    hint: '"layerbench runs" lists them.',
  });
}

/** A number from an option. @throws ProblemError */
export function numberOption(
  name: string,
  text: string | undefined,
  fallback: number,
  { min, max, whole }: { readonly min: number; readonly max: number; readonly whole: boolean },
): number {
  if (text === undefined) return fallback;
  const value = text.trim() === '' ? NaN : Number(text);
  if (value >= min && value <= max && (!whole || Number.isInteger(value))) return value;
  return raise({
    code: 'cli.number',
    message: `"--${name}" expects a ${whole ? 'whole ' : ''}number from ${min} to ${max}, got "${text}".`,
  });
}
