/** What a file must hold to be scored with a run, and what the scored file gets: follows from the run alone. */
import type { ColumnEncoding, FeatureEncoding } from '../data/encoding.ts';
import { encodedWidth } from '../data/encoding.ts';
import type { TargetScale } from '../data/prepared.ts';
import { raise } from '../problem.ts';
import { tasks } from '../tasks/index.ts';
import type { Trained } from './trained.ts';

export interface ScoreColumn {
  readonly name: string;
  readonly encoding: FeatureEncoding;
  /** Its first feature. */
  readonly at: number;
}

export interface ScoreSchema {
  /** What is predicted: a column's name, or `labels`. */
  readonly target: string;
  readonly answer: 'classes' | 'numbers' | 'labels';
  /** Classes or labels in the order of their codes. */
  readonly names: readonly string[];
  readonly targetScale?: TargetScale;
  /** Columns the network reads, with the features they become. */
  readonly columns: readonly ScoreColumn[];
  /** Features of a row. */
  readonly width: number;
  /** C, H, W, where it reads an image. */
  readonly image?: {
    readonly column: string;
    readonly shape: readonly [number, number, number];
    readonly multiply: number;
    readonly add: number;
  };
}

/** Labels of at least this probability are said. */
export const labelThreshold = 0.5;

/** @throws ProblemError where the run predicts no rows */
export function scoreSchema({ data, inputs }: Pick<Trained, 'data' | 'inputs'>): ScoreSchema {
  const { answer, title } = tasks[data.task];
  const read = new Set(inputs.map(({ role }) => role.name));
  const byRow =
    (data.task === 'classification' || data.task === 'regression' || data.task === 'multiLabel') && data.encodings !== undefined;
  const further = [...read].filter((name) => name !== 'image' && name !== 'features');
  if (!byRow || further.length > 0 || (answer !== 'classes' && answer !== 'numbers' && answer !== 'labels')) {
    raise({
      code: 'score.task',
      message: `A file is scored row by row: expected a run of classification, regression or multi-label on rows or images, got one of ${title.toLowerCase()}${further.length > 0 ? ` that reads ${further.join(', ')}` : ''}.`,
      hint: 'Use the run on single items instead.',
    });
  }
  const encodings = data.encodings ?? [];
  const { columns, width } = featureColumns(read.has('features') ? encodings : []);
  const image = encodings.find(({ encoding }) => encoding.kind === 'image');
  const { role } = data.target;
  return {
    target: role.name,
    answer,
    names: role.classNames ?? [],
    ...(data.targetScale === undefined ? {} : { targetScale: data.targetScale }),
    columns,
    width,
    ...(read.has('image') && image?.encoding.kind === 'image' ? { image: { column: image.column, ...image.encoding } } : {}),
  };
}

/** The columns that become features, side by side. */
export function featureColumns(encodings: readonly ColumnEncoding[]): { readonly columns: readonly ScoreColumn[]; readonly width: number } {
  let width = 0;
  const columns: ScoreColumn[] = [];
  for (const { column: name, encoding } of encodings) {
    if (encoding.kind === 'image') continue;
    columns.push({ name, encoding, at: width });
    width += encodedWidth(encoding);
  }
  return { columns, width };
}
