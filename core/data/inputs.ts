/** Columns as training reads them: fitted on the training rows, every row encoded. Images stay bytes; the program scales them. */
import type { Column, DataSet } from './dataSet.ts';
import { prepareGraphs } from './graphInputs.ts';
import { encodeCategory, encodeNumber, type ColumnEncoding } from './encoding.ts';
import { fitCategory, fitNumber, fitVector, type Fitted } from './fit.ts';
import type { FittedColumn, PreparedRole } from './prepared.ts';
import type { PlannedInputs } from './inputRoles.ts';
import type { PlannedColumn } from './features.ts';
import type { Problem } from '../problem.ts';

export interface PreparedInputs {
  readonly inputs: readonly PreparedRole[];
  readonly fitted: readonly FittedColumn[];
  /** The image's first, then those of the features in their order. */
  readonly encodings: readonly ColumnEncoding[];
  readonly notices: readonly Problem[];
}

/** Every planned input, the image first. */
export function prepareInputs(dataSet: DataSet, planned: PlannedInputs, trainRows: Int32Array): PreparedInputs {
  const inputs: PreparedRole[] = [];
  const fitted: FittedColumn[] = [];
  const encodings: ColumnEncoding[] = [];
  const notices: Problem[] = [];
  if (planned.image !== undefined) {
    const image = prepareImages(dataSet, planned.image, trainRows);
    inputs.push(image.prepared);
    fitted.push(image.fitted);
    encodings.push(image.encoding);
  }
  const features = prepareFeatures(dataSet, planned, trainRows, { fitted, notices, encodings });
  if (features !== undefined) inputs.push(features);
  if (planned.graphs !== undefined) {
    const { column } = planned.graphs;
    inputs.push(...prepareGraphs(planned.graphs, columnOf(dataSet, column.name)));
    fitted.push({ column: column.name, becomes: planned.graphs.nodes.description, features: column.graph?.features ?? 0 });
  }
  return { inputs, fitted, encodings, notices };
}

export function columnOf(dataSet: DataSet, name: string): Column {
  const column = dataSet.columns.find((candidate) => candidate.info.name === name);
  if (column === undefined) throw new Error(`data set ${dataSet.info.id}: column "${name}" is announced but not stored`);
  return column;
}

/** Images stay as they are stored; the scaling is one multiply-add inside the program. */
function prepareImages(
  dataSet: DataSet,
  planned: NonNullable<PlannedInputs['image']>,
  trainRows: Int32Array,
): { prepared: PreparedRole; fitted: FittedColumn; encoding: ColumnEncoding } {
  const column = columnOf(dataSet, planned.column.name);
  if (column.type !== 'image' || planned.column.imageShape === undefined)
    throw new Error(`column "${planned.column.name}" holds no images`);
  const rowShape = planned.column.imageShape;
  const size = rowShape.reduce((product, n) => product * n, 1);
  const { scaling } = planned.preparation;
  let affine = { multiply: 1, add: 0 };
  let becomes = 'pixels 0–255 as they are';
  if (scaling === 'minMax') {
    affine = { multiply: 1 / 255, add: 0 };
    becomes = 'pixels scaled to 0–1';
  } else if (scaling === 'standardise') {
    const { mean, deviation } = pixelStatistics(column.values, size, trainRows);
    affine = { multiply: 1 / deviation, add: -mean / deviation };
    becomes = `pixels standardised: mean ${mean.toFixed(1)}, deviation ${deviation.toFixed(1)} of 255`;
  }
  return {
    prepared: { role: planned.role, dtype: 'u8', rowShape, values: column.values, affine },
    fitted: { column: planned.column.name, becomes, features: size },
    encoding: { column: planned.column.name, encoding: { kind: 'image', shape: rowShape, ...affine } },
  };
}

/** Over all pixels of the training images; exact, because sums of bytes fit a double. */
function pixelStatistics(values: Uint8Array, size: number, rows: Int32Array): { mean: number; deviation: number } {
  let sum = 0;
  let squares = 0;
  for (const row of rows) {
    for (let i = row * size; i < (row + 1) * size; i++) {
      const value = values[i]!;
      sum += value;
      squares += value * value;
    }
  }
  const count = rows.length * size;
  const mean = sum / count;
  return { mean, deviation: Math.sqrt(Math.max(squares / count - mean * mean, 0)) || 1 };
}

function prepareFeatures(
  dataSet: DataSet,
  roles: PlannedInputs,
  trainRows: Int32Array,
  { fitted, notices, encodings }: { fitted: FittedColumn[]; notices: Problem[]; encodings: ColumnEncoding[] },
): PreparedRole | undefined {
  const { rowCount } = dataSet.info;
  const width = roles.features?.width ?? 0;
  const values = new Float32Array(rowCount * width);
  let at = 0;
  for (const planned of roles.columns) {
    const { info } = planned;
    if (info === roles.graphs?.column) continue;
    if (info.type === 'image') {
      if (info !== roles.image?.column) fitted.push({ column: info.name, becomes: planned.unused ?? 'not used', features: 0 });
      continue;
    }
    if (planned.width === 0) {
      fitted.push({ column: info.name, becomes: planned.unused ?? 'not used', features: 0 });
      continue;
    }
    const column = columnOf(dataSet, info.name);
    const fit = fitColumn(column, planned, trainRows);
    encodeColumn(column, fit, { values, at, width });
    fitted.push({ column: info.name, becomes: fit.becomes, features: planned.width });
    encodings.push({ column: info.name, encoding: fit.encoding });
    notices.push(...fit.notices);
    at += planned.width;
  }
  return roles.features === undefined ? undefined : { role: roles.features.role, dtype: 'f32', rowShape: [width], values };
}

function fitColumn(column: Column, planned: PlannedColumn, trainRows: Int32Array): Fitted {
  if (column.type === 'number') return fitNumber(column, planned, trainRows);
  if (column.type === 'category') return fitCategory(column, planned, trainRows);
  if (column.type === 'vector') return fitVector(planned);
  throw new Error(`column "${column.info.name}" of type ${column.type} has no features`);
}

/** Every row of a column, from feature `at` of `width` on. */
function encodeColumn(column: Column, { encoding }: Fitted, target: { values: Float32Array; at: number; width: number }): void {
  const { values, width } = target;
  let at = target.at;
  if (column.type === 'number' && encoding.kind === 'number') {
    for (let row = 0; row < column.values.length; row++, at += width) encodeNumber(encoding, column.values[row]!, values, at);
  } else if (column.type === 'category' && encoding.kind === 'category') {
    for (let row = 0; row < column.values.length; row++, at += width) encodeCategory(encoding, column.values[row]!, values, at);
  } else if (column.type === 'vector' && encoding.kind === 'vector') {
    const size = encoding.width;
    for (let from = 0; from < column.values.length; from += size, at += width) values.set(column.values.subarray(from, from + size), at);
  }
}
