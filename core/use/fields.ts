/** What a person types for the columns of a table, as the features it becomes: encoded as training encoded its rows. */
import type { Column, DataSet } from '../data/dataSet.ts';
import { encodeCategory, encodedWidth, encodeNumber, type FeatureEncoding } from '../data/encoding.ts';
import { medianOf, presentValues } from '../data/fit.ts';
import { columnOf } from '../data/inputs.ts';
import { raise } from '../problem.ts';
import type { UseField } from './answers.ts';
import type { Trained } from './trained.ts';

export type FieldValue = number | string | null;
type FieldColumn = Extract<Column, { type: 'number' | 'category' }>;

export interface Field {
  readonly field: UseField;
  readonly column: FieldColumn;
  /** Its first feature. */
  readonly at: number;
  readonly encoding: Exclude<FeatureEncoding, { kind: 'vector' }>;
}

/** The used columns in the order of their features; none where one of them can't be typed. */
export function readFields({ dataSet, data }: Trained): Field[] {
  const fields: Field[] = [];
  let at = 0;
  for (const { column: name, encoding } of data.encodings ?? []) {
    if (encoding.kind === 'image') continue;
    const column = columnOf(dataSet, name);
    if (encoding.kind === 'vector' || (column.type !== 'number' && column.type !== 'category')) return [];
    fields.push({ field: describeField(column, data.parts.train), column, at, encoding });
    at += encodedWidth(encoding);
  }
  return fields;
}

function describeField(column: FieldColumn, trainRows: Int32Array): UseField {
  const { name, unit, range, integers, categories, missing } = column.info;
  const common = { name, gaps: missing > 0, ...(unit === undefined ? {} : { unit }) };
  if (column.type === 'number') {
    const present = presentValues(column.values, trainRows);
    return {
      ...common,
      type: 'number',
      usual: present.length === 0 ? null : medianOf(present),
      ...(range === undefined ? {} : { range }),
      ...(integers === undefined ? {} : { integers }),
    };
  }
  const counts = new Int32Array(categories?.length ?? 0);
  for (const row of trainRows) if (column.values[row]! >= 0) counts[column.values[row]!]!++;
  return { ...common, type: 'category', usual: categories?.[counts.indexOf(Math.max(...counts))] ?? null, categories: categories ?? [] };
}

/** @throws ProblemError for a field that is not there and a value that is none of its own */
export function encodeFields(fields: readonly Field[], values: Readonly<Record<string, FieldValue>>): Float32Array {
  const unknown = Object.keys(values).find((name) => !fields.some(({ field }) => field.name === name));
  if (unknown !== undefined) {
    raise({
      code: 'use.field',
      message: `The network reads no column "${unknown}".`,
      hint: `It reads: ${fields.map(({ field }) => field.name).join(', ')}.`,
    });
  }
  const features = new Float32Array(fields.reduce((sum, { encoding }) => sum + encodedWidth(encoding), 0));
  for (const { field, at, encoding } of fields) {
    const value = Object.hasOwn(values, field.name) ? values[field.name]! : field.usual;
    const code = codeOf(field, value);
    if (encoding.kind === 'number') encodeNumber(encoding, code, features, at);
    else encodeCategory(encoding, code, features, at);
  }
  return features;
}

/** NaN and -1 are gaps. Digits as text count as the number they are. */
function codeOf({ name, type, categories = [] }: UseField, value: FieldValue): number {
  if (type === 'number') {
    if (value === null || value === '') return NaN;
    const number = typeof value === 'number' ? value : Number(value);
    if (Number.isFinite(number)) return number;
    return raise({
      code: 'use.value',
      message: `Column "${name}": expected a number, got "${value}".`,
      where: { kind: 'column', column: name },
    });
  }
  if (value === null || value === '') return -1;
  const code = categories.indexOf(String(value));
  if (code >= 0) return code;
  const shown = categories.slice(0, 12).join(', ') + (categories.length > 12 ? ', ...' : '');
  return raise({
    code: 'use.category',
    message: `Column "${name}": expected one of its ${categories.length} categories, got "${value}".`,
    where: { kind: 'column', column: name },
    hint: `They are: ${shown}.`,
  });
}

/** A row's own values. */
export function valuesOfRow(fields: readonly Field[], row: number): Record<string, FieldValue> {
  return Object.fromEntries(fields.map(({ field, column }) => [field.name, cellOf(column, row)]));
}

export function cellOf(column: Column, row: number): FieldValue {
  if (column.type === 'number') return Number.isNaN(column.values[row]!) ? null : column.values[row]!;
  if (column.type === 'category') return column.info.categories?.[column.values[row]!] ?? null;
  return column.type === 'text' ? (column.values[row] ?? null) : null;
}

/** Values that would become these features: numbers in their own units, of categories the one with the largest feature. */
export function decodeFields(fields: readonly Field[], features: ArrayLike<number>): Record<string, FieldValue> {
  return Object.fromEntries(
    fields.map(({ field, at, encoding }): [string, FieldValue] => {
      if (encoding.kind === 'number') {
        const { scale, shift } = encoding;
        return [field.name, scale === 0 ? field.usual : features[at]! * scale + shift];
      }
      let best = 0;
      for (let i = 1; i < encoding.width; i++) if (features[at + i]! > features[at + best]!) best = i;
      return [field.name, encoding.categories[best] ?? null];
    }),
  );
}

export function imageColumnOf(dataSet: DataSet): Extract<Column, { type: 'image' }> | undefined {
  return dataSet.columns.find((column) => column.type === 'image');
}
