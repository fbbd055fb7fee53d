/** Columns as training reads them: fitted on the training rows, every row encoded. Images stay bytes; the program scales them. */
import type { Column, DataSet } from './dataSet.ts';
import { prepareGraphs } from './graphInputs.ts';
import { fitCategory, fitNumber, fitVector } from './fit.ts';
import type { Encoder } from './fit.ts';
import type { FittedColumn, PreparedRole } from './prepared.ts';
import type { PlannedInputs } from './inputRoles.ts';
import type { PlannedColumn } from './features.ts';
import type { Problem } from '../problem.ts';

export interface PreparedInputs {
  readonly inputs: readonly PreparedRole[];
  readonly fitted: readonly FittedColumn[];
  readonly notices: readonly Problem[];
}

/** Every planned input, the image first. */
export function prepareInputs(dataSet: DataSet, planned: PlannedInputs, trainRows: Int32Array): PreparedInputs {
  const inputs: PreparedRole[] = [];
  const fitted: FittedColumn[] = [];
  const notices: Problem[] = [];
  if (planned.image !== undefined) {
    const image = prepareImages(dataSet, planned.image, trainRows);
    inputs.push(image.prepared);
    fitted.push(image.fitted);
  }
  const features = prepareFeatures(dataSet, planned, trainRows, fitted, notices);
  if (features !== undefined) inputs.push(features);
  if (planned.graphs !== undefined) {
    const { column } = planned.graphs;
    inputs.push(...prepareGraphs(planned.graphs, columnOf(dataSet, column.name)));
    fitted.push({ column: column.name, becomes: planned.graphs.nodes.description, features: column.graph?.features ?? 0 });
  }
  return { inputs, fitted, notices };
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
): { prepared: PreparedRole; fitted: FittedColumn } {
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
  fitted: FittedColumn[],
  notices: Problem[],
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
    const encoder = fitColumn(columnOf(dataSet, info.name), planned, trainRows);
    for (let row = 0; row < rowCount; row++) encoder.encode(row, values, row * width + at);
    fitted.push({ column: info.name, becomes: encoder.becomes, features: planned.width });
    notices.push(...encoder.notices);
    at += planned.width;
  }
  return roles.features === undefined ? undefined : { role: roles.features.role, dtype: 'f32', rowShape: [width], values };
}

function fitColumn(column: Column, planned: PlannedColumn, trainRows: Int32Array): Encoder {
  if (column.type === 'number') return fitNumber(column, planned, trainRows);
  if (column.type === 'category') return fitCategory(column, planned, trainRows);
  if (column.type === 'vector') return fitVector(column, planned);
  throw new Error(`column "${column.info.name}" of type ${column.type} has no features`);
}
