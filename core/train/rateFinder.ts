/**
 * The learning-rate finder: a short training from the start weights whose learning rate grows with every step until the loss
 * explodes; a good rate is where the loss falls fastest (Smith 2017, Cyclical learning rates for training neural networks,
 * section 3.3; smoothing and stopping as in fastai).
 */
import type { Platform } from '../engines/platform.ts';
import { rateRange, type RatePoint, type RateRange, type RateSearch } from './rateRange.ts';
import { createStepper } from './stepper.ts';
import { openSession, type SessionSource } from './session.ts';

export { rateRange };
export type { RatePoint, RateRange, RateSearch };

/** How much of the old mean of the losses is kept. */
const smoothing = 0.9;
/** The search ends where the loss is so many times the lowest. */
const explosion = 4;
/** Steps at either end that are not looked at: the mean is not settled, the loss begins to explode. */
const leftOut = { first: 8, last: 3 };

/** Yields a point per step. Weights, optimizer and seed are a training's own; nothing of the search is kept. */
export async function* searchRate(
  source: SessionSource,
  platform: Pick<Platform, 'poll'>,
  { lowest, highest, steps }: RateRange = rateRange,
): AsyncGenerator<RatePoint> {
  const { config, data, engine } = source;
  const lowered = await openSession(source);
  const stepper = createStepper(engine, lowered, config, data);
  const { names } = lowered.trainRing;
  let mean = 0;
  let best = Infinity;
  for (let step = 0; step < steps; step++) {
    const rate = lowest * (highest / lowest) ** (step / (steps - 1));
    const [done] = await stepper.run(step, 1, () => rate);
    const sumOf = (name: 'loss' | 'weight') => done!.sums[names.indexOf(name)]!;
    const loss = sumOf('loss') / (names.includes('weight') ? sumOf('weight') : done!.rowCount);
    mean = smoothing * mean + (1 - smoothing) * loss;
    const smooth = mean / (1 - smoothing ** (step + 1));
    if (!Number.isFinite(smooth) || (step > leftOut.first && smooth > explosion * best)) return;
    best = Math.min(best, smooth);
    yield { rate, loss: smooth };
    await platform.poll();
  }
}

/** The rate at the steepest fall of the loss over a few neighbouring points. */
export function suggestRate(points: readonly RatePoint[]): number | undefined {
  let suggested: number | undefined;
  let steepest = 0;
  for (let i = leftOut.first + 1; i < points.length - 1 - leftOut.last; i++) {
    const [before, after] = [points[i - 1]!, points[i + 1]!];
    const slope = (after.loss - before.loss) / Math.log(after.rate / before.rate);
    if (slope < steepest) [steepest, suggested] = [slope, points[i]!.rate];
  }
  return suggested === undefined ? undefined : Number(suggested.toPrecision(2));
}
