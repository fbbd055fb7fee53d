/** Comparison of arrays that, when it fails, says where, what came, what was expected and how far apart they are. */
import type { Tolerance } from './tolerances.ts';

export interface Comparison {
  readonly what: string;
  /** For naming an index per axis; default flat. */
  readonly shape?: readonly number[];
}

/** @throws Error naming the worst element */
export function expectClose(got: ArrayLike<number>, expected: ArrayLike<number>, tolerance: Tolerance, { what, shape }: Comparison): void {
  if (got.length !== expected.length) throw new Error(`${what}: got ${got.length} elements, expected ${expected.length}`);
  let worst = -1;
  let worstExcess = 0;
  let maxError = 0;
  let failures = 0;
  for (let i = 0; i < got.length; i++) {
    const error = errorBetween(got[i]!, expected[i]!);
    const allowed = Number.isFinite(expected[i]) ? tolerance.absolute + tolerance.relative * Math.abs(expected[i]!) : 0;
    maxError = Math.max(maxError, error);
    if (error <= allowed || error === 0) continue;
    failures++;
    if (worst < 0 || error - allowed > worstExcess) {
      worst = i;
      worstExcess = error - allowed;
    }
  }
  if (failures === 0) return;
  throw new Error(
    `${what}: ${failures} of ${got.length} elements differ; worst at index ${formatIndex(worst, shape)}: got ${got[worst]}, ` +
      `expected ${expected[worst]}, max error ${maxError.toPrecision(3)}, allowed ${tolerance.absolute} + ${tolerance.relative} · |expected|`,
  );
}

/** Equal infinities and two NaN agree; anything else against them is infinitely wrong. */
function errorBetween(got: number, expected: number): number {
  if (Object.is(got, expected) || got === expected) return 0;
  const error = Math.abs(got - expected);
  return Number.isNaN(error) ? Infinity : error;
}

/** `[1, 2]` */
function formatIndex(flat: number, shape?: readonly number[]): string {
  if (shape === undefined || shape.length === 0) return String(flat);
  const index: number[] = [];
  let rest = flat;
  for (const size of shape.toReversed()) {
    index.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return `[${index.join(', ')}]`;
}
