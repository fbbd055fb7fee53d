/** Anything that was thrown as a Problem that can be shown. */
import { ProblemError, type Problem } from '../core/problem.ts';

export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  return { code: 'interface.defect', message: error instanceof Error ? error.message : String(error) };
}
