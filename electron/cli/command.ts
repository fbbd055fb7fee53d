/** What a command of the command line is: its declaration for help and its work. */
import type { Arguments, OptionSpecs } from './arguments.ts';

/** Where a command writes and how it is interrupted; tests put their own in place. */
export interface Terminal {
  /** Results: one line each. */
  out(line: string): void;
  /** Progress and messages. */
  err(line: string): void;
  /** Replaces the current line where stderr is a terminal; does nothing otherwise. */
  status(line: string): void;
  readonly isTerminal: boolean;
  /** Aborted by the first Ctrl-C. */
  readonly interrupted: AbortSignal;
}

export const exitCodes = { ok: 0, mistake: 1, interrupted: 130 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export interface Command<S extends OptionSpecs = OptionSpecs> {
  readonly name: string;
  readonly summary: string;
  /** After the command's name: `<network> [options]`. */
  readonly usage: string;
  readonly positionals?: readonly string[];
  readonly options: S;
  /** Shown at the end of help. */
  readonly notes?: readonly string[];
  readonly examples: readonly string[];
  run(args: Arguments<S>, terminal: Terminal): Promise<ExitCode>;
}

export function defineCommand<const S extends OptionSpecs>(command: Command<S>): Command<S> {
  return command;
}

export const libraryOption = { value: '<folder>', help: "library folder (default: the app's; LAYERBENCH_LIBRARY sets it too)" } as const;
