/**
 * Times of single kernels: walks a program's calls from JavaScript, on this thread alone, with a clock around each. Slower
 * than the walk in WebAssembly by the clock and the way in and out, about 0.1 µs per call; what a call itself takes is
 * the same, with the data as warm in the caches as in training.
 */
import { entryLength, entryWords, programWords } from './dispatcher.ts';
import type { Walker } from './helper.ts';

export interface FunctionTable {
  get(index: number): ((args: number, from: number, to: number) => void) | null;
}

/** Milliseconds of every call of one step, into `into`; the step's stores are left out. */
export function profileStep(walker: Walker, words: Int32Array, header: number, now: () => number, into: Float64Array): void {
  walker.begin(header);
  const end = words[header / 4 + programWords.entriesEnd]!;
  let i = 0;
  for (let entry = words[header / 4 + programWords.entries]!; entry < end; entry += 4 * entryLength) {
    const at = entry / 4;
    const kernel = walker.kernels.get(words[at + entryWords.function]!)!;
    const args = words[at + entryWords.args]!;
    const units = words[at + entryWords.units]!;
    const startedAt = now();
    kernel(args, 0, units);
    into[i++] = now() - startedAt;
  }
}

/** Steps × kernels, row-major → each kernel's median, less what the clock itself takes; never below 0. */
export function medianTimes(samples: Float64Array, kernels: number, clock: number): Float64Array {
  const steps = Math.floor(samples.length / Math.max(kernels, 1));
  return Float64Array.from({ length: kernels }, (_, k) =>
    Math.max(0, median(Float64Array.from({ length: steps }, (__, step) => samples[step * kernels + k]!)) - clock),
  );
}

/** What two readings of the clock, one right after the other, differ by. */
export function clockCost(now: () => number): number {
  return median(
    Float64Array.from({ length: 201 }, () => {
      const startedAt = now();
      return now() - startedAt;
    }),
  );
}

export function median(values: Float64Array): number {
  const sorted = values.slice().sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
