/** How many samples are counted, one after the other: something is there at once, and better figures follow. */
export const sampleCounts = [1, 8, 32] as const;
export const mostSamples = sampleCounts[sampleCounts.length - 1]!;
/** More samples are left alone where they would take longer. */
export const patienceMs = 6000;

/** The next count that is worth waiting for. @param msPerSample as measured */
export function nextCount(counted: number, available: number, msPerSample: number): number | undefined {
  const next = sampleCounts.find((count) => count > counted && counted < available);
  return next === undefined || msPerSample * Math.min(next, available) > patienceMs ? undefined : next;
}
