/** What a model that is taken along says of itself: what goes in, how it is prepared, what comes out. */
import type { FeatureEncoding } from '../data/encoding.ts';
import { raise } from '../problem.ts';
import { tasks } from '../tasks/index.ts';
import { featureColumns } from '../use/scoreSchema.ts';
import type { Trained } from '../use/trained.ts';

/** row: an object by column; pixels: bytes; rowAndPixels: both; rows: a window of rows in order; tokens: a text or its codes. */
export type ModelInput = 'row' | 'pixels' | 'rowAndPixels' | 'rows' | 'tokens';

export interface ModelDescription {
  readonly task: string;
  readonly input: ModelInput;
  /** A sentence with the call. */
  readonly usage: string;
  readonly columns?: readonly { readonly name: string; readonly at: number; readonly encoding: FeatureEncoding }[];
  /** Features of a row. */
  readonly width?: number;
  /** C, H, W; pixel × multiply + add. */
  readonly image?: { readonly column: string; readonly shape: readonly number[]; readonly multiply: number; readonly add: number };
  /** Rows or tokens that go in at once. */
  readonly steps?: number;
  /** The role that tokens or rows are written to. */
  readonly role?: string;
  readonly tokens?: readonly string[];
  readonly answer: 'classes' | 'numbers' | 'labels' | 'values';
  readonly target: string;
  /** Classes or labels. */
  readonly names: readonly string[];
  /** Answers per item that are classified one by one: time steps. */
  readonly answers: number;
  /** own = number × scale + shift */
  readonly targetScale?: { readonly shift: number; readonly scale: number; readonly unit?: string };
}

/** @throws ProblemError where the task has no forward pass of one item */
export function describeModel({ data, inputs }: Pick<Trained, 'data' | 'inputs'>): ModelDescription {
  const { answer, title } = tasks[data.task];
  const { role } = data.target;
  const encodings = data.encodings ?? [];
  const read = new Set(inputs.map((input) => input.role.name));
  const image = encodings.find(({ encoding }) => encoding.kind === 'image');
  const { columns, width } = featureColumns(encodings);
  const sizes = role.shape.slice(1).map(({ size }) => size ?? 1);
  const common = {
    task: data.task,
    answer: answer as ModelDescription['answer'],
    target: role.name,
    names: role.classNames ?? [],
    answers: answer === 'classes' && sizes.length === 2 ? sizes[0]! : 1,
    ...(data.targetScale === undefined ? {} : { targetScale: data.targetScale }),
  };
  const only = inputs.length === 1 ? inputs[0] : undefined;
  if (data.task === 'nextToken' && only?.reading?.kind === 'window') {
    const tokens = only.role.classNames ?? [];
    return {
      ...common,
      input: 'tokens',
      usage: `predict(text) takes up to ${only.reading.length} tokens and says what follows.`,
      steps: only.reading.length,
      role: only.role.name,
      tokens,
    };
  }
  if ((data.task === 'forecasting' || data.task === 'sequenceLabelling') && only?.reading?.kind === 'window' && columns.length > 0) {
    return {
      ...common,
      input: 'rows',
      usage: `predict(rows) takes ${only.reading.length} rows in order, each an object by column: ${namesOf(columns)}.`,
      steps: only.reading.length,
      role: only.role.name,
      columns,
      width,
    };
  }
  const others = [...read].filter((name) => name !== 'image' && name !== 'features');
  const byRow = ['classification', 'regression', 'multiLabel', 'autoencoding'].includes(data.task);
  if (!byRow || others.length > 0 || answer === 'verdicts') {
    raise({
      code: 'export.task',
      message: `A network of ${title.toLowerCase()}${others.length > 0 ? ` that reads ${others.join(', ')}` : ''} cannot be taken along as a JavaScript file: expected one that reads rows, images, windows of rows or tokens.`,
      hint: 'Use the run in Layerbench.',
    });
  }
  const pixels =
    read.has('image') && image?.encoding.kind === 'image'
      ? { image: { column: image.column, shape: image.encoding.shape, multiply: image.encoding.multiply, add: image.encoding.add } }
      : {};
  const row = read.has('features') ? { columns, width } : {};
  const shape = image?.encoding.kind === 'image' ? image.encoding.shape.join(' × ') : '';
  if (!read.has('features'))
    return { ...common, input: 'pixels', usage: `predict(pixels) takes ${shape} bytes from 0 to 255, row by row.`, ...pixels };
  const call = `takes an object by column: ${namesOf(columns)}; null is a gap`;
  if (!read.has('image')) return { ...common, input: 'row', usage: `predict(row) ${call}.`, ...row };
  return {
    ...common,
    input: 'rowAndPixels',
    usage: `predict(row, pixels) ${call}; pixels are ${shape} bytes from 0 to 255.`,
    ...row,
    ...pixels,
  };
}

function namesOf(columns: readonly { readonly name: string }[]): string {
  return (
    columns
      .slice(0, 12)
      .map(({ name }) => JSON.stringify(name))
      .join(', ') + (columns.length > 12 ? ', ...' : '')
  );
}
