/**
 * The one shape every error a person can cause takes, from the core to the screen and the command line.
 * A message says what, where, expected, got; `hint` says the way out; `fixes` can be applied with one click.
 */

/** Where the problem stands, so that the interface can show it there. */
export type ProblemPlace =
  /** `block`: the block in which the node or edge stands; absent for the network itself. */
  | { kind: 'node'; node: string; param?: string; block?: string }
  | { kind: 'edge'; edge: string; block?: string }
  | { kind: 'document' }
  | { kind: 'config'; path: string }
  | { kind: 'file'; file: string; line?: number; byte?: number }
  | { kind: 'column'; column: string }
  | { kind: 'run'; run: number }
  | { kind: 'library' };

/** A change of the document that would solve the problem; applied as one undoable step. */
export type ProblemFix = (
  | { kind: 'setParam'; label: string; node: string; param: string; value: unknown }
  | { kind: 'insertAfter'; label: string; edge: string; layer: string; params: Record<string, unknown> }
  | { kind: 'renameNode'; label: string; node: string; name: string }
  | { kind: 'removeNode'; label: string; node: string }
  | { kind: 'removeEdge'; label: string; edge: string }
  | { kind: 'connect'; label: string; from: string; to: string }
  /** Whose weights a layer uses; null for its own. */
  | { kind: 'setWeightsOf'; label: string; node: string; source: string | null }
  | { kind: 'setConfig'; label: string; path: string; value: unknown }
) & {
  /** The block that is changed; absent for the network itself. */
  block?: string;
};

export interface Problem {
  /** Stable, dotted, for tests and translations: `shape.mismatch`, `csv.raggedRow`. */
  code: string;
  /** One clear sentence: what, where, expected, got. */
  message: string;
  where?: ProblemPlace;
  /** The way out, one sentence. */
  hint?: string;
  fixes?: ProblemFix[];
}

/** Thrown wherever a user's mistake stops the work; everything else that is thrown is a defect of ours. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.hint === undefined ? problem.message : `${problem.message} ${problem.hint}`);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}

/** @throws ProblemError always */
export function raise(problem: Problem): never {
  throw new ProblemError(problem);
}
