/** What a search for a learning rate tries and says; apart from the search, so that whoever only draws it needs no training. */

export interface RatePoint {
  readonly rate: number;
  /** Mean training loss of the step, smoothed. */
  readonly loss: number;
}

export interface RateSearch {
  readonly points: readonly RatePoint[];
  /** Where the smoothed loss falls fastest per factor of the rate; undefined where it never fell. */
  readonly suggested: number | undefined;
}

export interface RateRange {
  readonly lowest: number;
  readonly highest: number;
  readonly steps: number;
}

export const rateRange: RateRange = { lowest: 1e-6, highest: 10, steps: 100 };
