/** The probabilities of classes or labels as bars: few in their own order, of many the likeliest. */

export interface Bar {
  readonly name: string;
  readonly probability: number;
  /** Of classes: the likeliest. Of labels: likelier than not. */
  readonly chosen: boolean;
  readonly isTrue: boolean;
}

/** More are sorted, and only the first of them shown. */
const mostInOrder = 12;
const mostSorted = 10;

export function classBars(names: readonly string[], probabilities: readonly number[], truth?: string): { bars: Bar[]; left: number } {
  const best = probabilities.reduce((at, value, i) => (value > probabilities[at]! ? i : at), 0);
  const bars = names.map((name, i): Bar => ({
    name,
    probability: probabilities[i] ?? 0,
    chosen: i === best && probabilities.length > 0,
    isTrue: name === truth,
  }));
  if (bars.length <= mostInOrder) return { bars, left: 0 };
  const sorted = bars.toSorted((a, b) => b.probability - a.probability).slice(0, mostSorted);
  return { bars: sorted, left: bars.length - sorted.length };
}

export function labelBars(names: readonly string[], probabilities: readonly number[], truth?: readonly boolean[]): Bar[] {
  return names.map((name, i) => ({
    name,
    probability: probabilities[i] ?? 0,
    chosen: (probabilities[i] ?? 0) >= 0.5,
    isTrue: truth?.[i] === true,
  }));
}
