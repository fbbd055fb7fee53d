/** A search for a learning rate as a curve: the loss over the logarithm of the rate, in decades from the lowest rate tried. */
import { rateRange, type RatePoint } from '../../core/train/rateRange.ts';
import { nearestPoint, type ChartPoint } from './chartData.ts';

export function decadesOf(rate: number): number {
  return Math.log10(rate / rateRange.lowest);
}

export function rateAt(decades: number): number {
  return rateRange.lowest * 10 ** decades;
}

export function toChartPoints(points: readonly RatePoint[]): ChartPoint[] {
  return points.map(({ rate, loss }) => ({ x: decadesOf(rate), y: loss }));
}

/** All decades while it runs, so that the curve does not squeeze; then as many as were tried. */
export function lastDecade(points: readonly RatePoint[], running: boolean): number {
  const last = points.at(-1);
  const all = Math.round(decadesOf(rateRange.highest));
  return running || last === undefined ? all : Math.min(all, Math.ceil(decadesOf(last.rate)));
}

/** `0.0032`, `10`, and below a ten thousandth `1e-5`. */
export function rateText(rate: number): string {
  const short = Number(rate.toPrecision(2));
  return short < 1e-4 ? short.toExponential().replace('e+', 'e') : String(short);
}

/** The point tried that is nearest to a place on the axis. */
export function pointAt(points: readonly ChartPoint[], decades: number): { rate: number; loss: number } | undefined {
  const near = nearestPoint(points, decades);
  return near && { rate: rateAt(near.x), loss: near.y };
}
