/**
 * Metrics of all runs: append-only points, their buckets and each run's last and best values, always changed in
 * one transaction. Only the process that owns a run appends to it, so its open buckets may be kept in memory.
 */
import { isLowerBetter } from '../../core/metrics/direction.ts';
import type { MetricSeries } from '../contract/calls.ts';
import type { MetricName, TrainingRecord } from '../../core/train/records.ts';
import type { Db } from './database.ts';
import { adoptBucket, bucketSpans, chooseSource, createSeries, extendSeries, thinBuckets, thinPoints } from './series.ts';
import type { Bucket, BucketSpan, SeriesState } from './series.ts';

export type SummaryValues = Record<MetricName, { last: number; best: number; bestStep: number }>;

export interface MetricsStore {
  /** Call inside a transaction. A point at a step its series already has is left out. */
  append(run: number, records: readonly Pick<TrainingRecord, 'step' | 'metrics'>[]): void;
  /** A finished run's scores take the place of its last points in the summary: the last batch says little about the whole part. */
  settle(run: number, scores: Readonly<Record<MetricName, number>>): void;
  /** Forgets what lies after a checkpoint, before the run goes on from it. */
  truncateAfter(run: number, step: number): void;
  /** The run has ended: frees its open buckets. */
  release(run: number): void;
  read(run: number, names: readonly MetricName[] | undefined, maxPoints: number): MetricSeries[];
  summaries(runs?: { from: number; to: number }): Map<number, SummaryValues>;
}

interface BucketRow {
  readonly bucket: number;
  readonly count: number;
  readonly min: number | null;
  readonly min_step: number;
  readonly max: number | null;
  readonly max_step: number;
  readonly last: number | null;
  readonly last_step: number;
}

const fromNull = (value: number | null): number => value ?? NaN;
const toNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

function toBucket(row: BucketRow): Bucket {
  return {
    bucket: row.bucket,
    count: row.count,
    min: fromNull(row.min),
    minStep: row.min_step,
    max: fromNull(row.max),
    maxStep: row.max_step,
    last: fromNull(row.last),
    lastStep: row.last_step,
  };
}

export function createMetricsStore(db: Db): MetricsStore {
  const insertName = db.prepare<[string]>('INSERT INTO metric_names (name) VALUES (?) ON CONFLICT DO NOTHING');
  const findName = db.prepare<[string], number>('SELECT id FROM metric_names WHERE name = ?').pluck();
  const insertPoint = db.prepare<[number, number, number, number | null]>(
    'INSERT INTO metrics (run, name, step, value) VALUES (?, ?, ?, ?)',
  );
  const writeBucket = db.prepare(
    `INSERT OR REPLACE INTO metric_buckets (run, name, span, bucket, count, min, min_step, max, max_step, last, last_step)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const writeSummary = db.prepare(
    'INSERT OR REPLACE INTO run_summary (run, name, count, last, last_step, best, best_step) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const settleSummary = db.prepare<[number | null, number, number]>('UPDATE run_summary SET last = ? WHERE run = ? AND name = ?');
  const readSummary = db.prepare<
    [number, number],
    { count: number; last: number | null; last_step: number; best: number | null; best_step: number }
  >('SELECT count, last, last_step, best, best_step FROM run_summary WHERE run = ? AND name = ?');
  const lastBucket = db.prepare<[number, number, number], BucketRow>(
    'SELECT bucket, count, min, min_step, max, max_step, last, last_step FROM metric_buckets WHERE run = ? AND name = ? AND span = ? ORDER BY bucket DESC LIMIT 1',
  );
  const namesOfRun = db.prepare<[number], { id: number; name: string; count: number }>(
    'SELECT n.id, n.name, s.count FROM run_summary s JOIN metric_names n ON n.id = s.name WHERE s.run = ? ORDER BY n.id',
  );
  const allBuckets = db.prepare<[number, number, number], BucketRow>(
    'SELECT bucket, count, min, min_step, max, max_step, last, last_step FROM metric_buckets WHERE run = ? AND name = ? AND span = ? ORDER BY bucket',
  );
  const allPoints = db
    .prepare<[number, number], [number, number | null]>('SELECT step, value FROM metrics WHERE run = ? AND name = ? ORDER BY step')
    .raw();
  const pointsAfter = db
    .prepare<[number, number, number], [number, number | null]>(
      'SELECT step, value FROM metrics WHERE run = ? AND name = ? AND step > ? ORDER BY step',
    )
    .raw();
  const dropPoints = db.prepare('DELETE FROM metrics WHERE run = ? AND name = ? AND step > ?');
  const dropBuckets = db.prepare('DELETE FROM metric_buckets WHERE run = ? AND name = ? AND span = ? AND bucket >= ?');
  const dropSummary = db.prepare('DELETE FROM run_summary WHERE run = ? AND name = ?');
  const summaryRows = db
    .prepare<[number, number], [number, number, number | null, number | null, number]>(
      'SELECT run, name, last, best, best_step FROM run_summary WHERE run BETWEEN ? AND ?',
    )
    .raw();
  const allNames = db.prepare<[], [number, string]>('SELECT id, name FROM metric_names').raw();

  const nameIds = new Map<MetricName, number>();
  const seriesOfRuns = new Map<number, Map<MetricName, SeriesState>>();

  const nameId = (name: MetricName): number => {
    let id = nameIds.get(name);
    if (id === undefined) {
      insertName.run(name);
      id = findName.get(name) as number;
      nameIds.set(name, id);
    }
    return id;
  };

  const loadSeries = (run: number, name: MetricName): SeriesState => {
    const series = createSeries(nameId(name), !isLowerBetter(name));
    const row = readSummary.get(run, series.nameId);
    if (row === undefined) return series;
    Object.assign(series, {
      count: row.count,
      last: fromNull(row.last),
      lastStep: row.last_step,
      best: fromNull(row.best),
      bestStep: row.best_step,
    });
    for (const span of bucketSpans) {
      const bucket = lastBucket.get(run, series.nameId, span);
      if (bucket !== undefined && bucket.count < span) series.open[span] = toBucket(bucket);
    }
    return series;
  };

  const seriesOf = (run: number, name: MetricName): SeriesState => {
    let ofRun = seriesOfRuns.get(run);
    if (ofRun === undefined) seriesOfRuns.set(run, (ofRun = new Map()));
    let series = ofRun.get(name);
    if (series === undefined) ofRun.set(name, (series = loadSeries(run, name)));
    return series;
  };

  const saveBucket = (run: number, name: number, span: BucketSpan, b: Bucket): void => {
    writeBucket.run(run, name, span, b.bucket, b.count, toNull(b.min), b.minStep, toNull(b.max), b.maxStep, toNull(b.last), b.lastStep);
  };

  const saveSeries = (run: number, series: SeriesState): void => {
    for (const span of bucketSpans) {
      const bucket = series.open[span];
      if (bucket !== null) saveBucket(run, series.nameId, span, bucket);
    }
    writeSummary.run(run, series.nameId, series.count, toNull(series.last), series.lastStep, toNull(series.best), series.bestStep);
  };

  /** Buckets and summary of a series whose last points were removed, from its last full large bucket on. */
  const repairSeries = (run: number, id: number, name: string, lastStep: number): void => {
    const series = createSeries(id, !isLowerBetter(name));
    const kept = allBuckets
      .all(run, id, 1024)
      .map(toBucket)
      .filter((bucket) => bucket.count === 1024 && bucket.lastStep <= lastStep);
    for (const bucket of kept) adoptBucket(series, bucket);
    dropBuckets.run(run, id, 1024, kept.length);
    dropBuckets.run(run, id, 32, kept.length * 32);
    dropSummary.run(run, id);
    for (const [step, value] of pointsAfter.all(run, id, series.lastStep)) {
      extendSeries(series, step, fromNull(value), (span, bucket) => saveBucket(run, id, span, bucket));
    }
    if (series.count > 0) saveSeries(run, series);
  };

  return {
    append(run, records) {
      const touched = new Set<SeriesState>();
      try {
        for (const record of records) {
          for (const name in record.metrics) {
            const value = record.metrics[name] as number;
            const series = seriesOf(run, name);
            if (record.step <= series.lastStep) continue;
            insertPoint.run(run, series.nameId, record.step, toNull(value));
            extendSeries(series, record.step, value, (span, bucket) => saveBucket(run, series.nameId, span, bucket));
            touched.add(series);
          }
        }
        for (const series of touched) saveSeries(run, series);
      } catch (error) {
        // The transaction will be rolled back: what is in memory no longer agrees with the file.
        seriesOfRuns.delete(run);
        throw error;
      }
    },

    settle(run, scores) {
      for (const [name, value] of Object.entries(scores)) settleSummary.run(toNull(value), run, nameId(name));
    },

    truncateAfter(run, step) {
      seriesOfRuns.delete(run);
      db.transaction(() => {
        for (const { id, name } of namesOfRun.all(run)) {
          if (dropPoints.run(run, id, step).changes > 0) repairSeries(run, id, name, step);
        }
      })();
    },

    release(run) {
      seriesOfRuns.delete(run);
    },

    read(run, names, maxPoints) {
      const wanted = namesOfRun.all(run).filter((series) => names === undefined || names.includes(series.name));
      return wanted.map(({ id, name, count }) => {
        const source = chooseSource(count, maxPoints);
        if (source !== 'points') return { name, ...thinBuckets(allBuckets.all(run, id, source).map(toBucket), maxPoints) };
        const rows = allPoints.all(run, id);
        const steps = Float64Array.from(rows, (row) => row[0]);
        const values = Float64Array.from(rows, (row) => fromNull(row[1]));
        return { name, ...thinPoints({ steps, values }, maxPoints) };
      });
    },

    summaries(range) {
      const result = new Map<number, SummaryValues>();
      let current = -1;
      let values: SummaryValues = {};
      const names = new Map(allNames.all());
      for (const [run, name, last, best, bestStep] of summaryRows.all(range?.from ?? 0, range?.to ?? Number.MAX_SAFE_INTEGER)) {
        if (run !== current) result.set((current = run), (values = {}));
        values[names.get(name) ?? ''] = { last: fromNull(last), best: fromNull(best), bestStep };
      }
      return result;
    },
  };
}
