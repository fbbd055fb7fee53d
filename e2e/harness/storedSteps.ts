/** What a library has stored of a run, read beside the host: whether any step is missing. */
import path from 'node:path';
import Database from 'better-sqlite3';

export interface StoredSteps {
  readonly count: number;
  readonly first: number;
  readonly last: number;
  /** Steps at which the metric was never stored, between the first and the last. */
  readonly missing: number;
}

/** Of the newest run. */
export function storedSteps(library: string, metric: string): StoredSteps {
  const db = new Database(path.join(library, 'library.sqlite'), { readonly: true });
  try {
    const { count, first, last } = db
      .prepare<[string], { count: number; first: number; last: number }>(
        `SELECT count(*) AS count, min(step) AS first, max(step) AS last FROM metrics
         WHERE run = (SELECT max(id) FROM runs) AND name = (SELECT id FROM metric_names WHERE name = ?)`,
      )
      .get(metric)!;
    return { count, first, last, missing: last - first + 1 - count };
  } finally {
    db.close();
  }
}
