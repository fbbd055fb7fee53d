/**
 * How many steps fit into one chunk: between two chunks commands are heard, so a chunk lasts at most 50 ms
 * (one step, where a single step takes longer). Steps never depend on it: results are the same at any pace.
 */
const chunkMs = 40;
/** A first guess may be far too low, an outlier far too high; growth is limited, shrinking is not. */
const maxGrowth = 4;

export interface Pacer {
  /** Steps for the next chunk of this program. */
  steps(program: string): number;
  measured(program: string, steps: number, durationMs: number): void;
}

export function createPacer(maxSteps: number): Pacer {
  const next = new Map<string, number>();
  return {
    steps: (program) => next.get(program) ?? 1,
    measured(program, steps, durationMs) {
      const fitting = durationMs > 0 ? (chunkMs / durationMs) * steps : Infinity;
      next.set(program, Math.max(1, Math.floor(Math.min(fitting, steps * maxGrowth, maxSteps))));
    },
  };
}
