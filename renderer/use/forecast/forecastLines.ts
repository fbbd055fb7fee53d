/** A forecast as the lines of a chart: what was, what the network expects, what came. */
import type { Forecast } from '../../../electron/contract/calls.ts';
import type { ChartLine, ChartPoint } from '../../train/chartData.ts';
import { useText } from '../useText.ts';

export interface ForecastChart {
  readonly lines: readonly ChartLine[];
  readonly maxX: number;
  /** Row of the data set at x = 0, counted from 0. */
  readonly firstRow: number;
  readonly min: number;
  readonly max: number;
}

export function forecastChart({ row, history, values, actual }: Forecast): ForecastChart {
  const begin = history.length;
  const points = (list: readonly (number | null)[], from: number): ChartPoint[] => list.map((y, i) => ({ x: from + i, y: y ?? NaN }));
  const past = points(history, 0);
  // Both lines leave from the last known value.
  const last = past.findLast(({ y }) => Number.isFinite(y));
  const joined = (line: ChartPoint[]): ChartPoint[] => (last !== undefined && last.x === begin - 1 ? [last, ...line] : line);
  const lines: ChartLine[] = [
    { id: 'history', label: useText.history, colour: '--s8', points: past },
    ...(actual.length > 0
      ? [{ id: 'actual', label: useText.actual, colour: '--s1', points: joined(points(actual, begin)), dots: true }]
      : []),
    { id: 'forecast', label: useText.forecastLine, colour: '--s2', points: joined(points(values, begin)), dots: true, dash: [5, 4] },
  ];
  const ys = lines.flatMap((line) => line.points.map(({ y }) => y)).filter(Number.isFinite);
  return {
    lines,
    // Half a step more, so that the last point is seen whole.
    maxX: begin + values.length - 0.5,
    firstRow: row - begin,
    min: ys.length === 0 ? 0 : Math.min(...ys),
    max: ys.length === 0 ? 1 : Math.max(...ys),
  };
}

/** Mean absolute error where it is known what came; undefined where nothing is. */
export function forecastError({ values, actual }: Forecast): number | undefined {
  const errors = values.flatMap((value, i) => {
    const truth = actual[i];
    return truth === undefined || truth === null ? [] : [Math.abs(value - truth)];
  });
  return errors.length === 0 ? undefined : errors.reduce((sum, error) => sum + error, 0) / errors.length;
}
