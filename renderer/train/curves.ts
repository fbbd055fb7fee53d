/** The curves of one run as chart lines: training smoothed over its raw values, validation with a dot per epoch. */
import { isLowerBetter } from '../../core/metrics/direction.ts';
import { bestPoint, secondQuantity, toPoints, type ChartLine, type ChartPoint } from './chartData.ts';
import type { ChartMarker } from './lineChart.ts';
import type { SeriesBuffer } from './seriesBuffer.ts';
import { formatCount } from '../ui/format.ts';
import { trainText } from './trainText.ts';

/** About one point per pixel of a chart; a smoothed line needs fewer. */
const maxPoints = 1200;
const smoothPoints = 600;

export interface Curves {
  readonly quantity: string;
  readonly lines: readonly ChartLine[];
  readonly marker?: ChartMarker;
}

interface Feed {
  readonly metrics: readonly string[];
  series(metric: string): SeriesBuffer | undefined;
}

export function curvesOf(feed: Feed, quantity: string, stepsPerEpoch: number): Curves {
  const train = feed.series(`train/${quantity}`);
  const validation = feed.series(`validation/${quantity}`);
  const lines: ChartLine[] = [];
  let validationPoints: readonly ChartPoint[] = [];
  if (train !== undefined) {
    lines.push({
      id: 'train',
      label: trainText.trainingLine,
      colour: '--s1',
      points: toPoints(train.steps, train.smooth, stepsPerEpoch, smoothPoints),
      faint: toPoints(train.steps, train.values, stepsPerEpoch, maxPoints),
    });
  }
  if (validation !== undefined) {
    validationPoints = toPoints(validation.steps, validation.values, stepsPerEpoch, maxPoints);
    lines.push({ id: 'validation', label: trainText.validationLine, colour: '--s2', points: validationPoints, dots: true });
  }
  const best = validationPoints.length > 1 ? bestPoint(validationPoints, quantity) : undefined;
  return {
    quantity,
    lines,
    ...(best !== undefined && { marker: { x: best.x, label: trainText.best(formatEpoch(best.x)), atBottom: !isLowerBetter(quantity) } }),
  };
}

/** The quantity of the second chart; `fallback` names it before the first record. */
export function secondOf(feed: Feed | undefined, fallback: string): string {
  return secondQuantity(feed?.metrics ?? []) ?? fallback;
}

export function formatEpoch(x: number): string {
  if (Math.abs(x - Math.round(x)) < 0.005 || x >= 1000) return formatCount(Math.round(x));
  return x.toFixed(x < 100 ? 2 : 1);
}
