/**
 * From a data set to what training reads: rows divided into parts, every used column turned into features with what
 * was fitted on the training part, the target coded or scaled. Images stay bytes; the program scales them.
 */
import type { Column, DataSet } from './dataSet.ts';
import { fitCategory, fitNumber, fitScale, fitVector, presentValues } from './fit.ts';
import type { Encoder } from './fit.ts';
import type { FittedColumn, PreparedData, PreparedRole, TargetScale } from './prepared.ts';
import { planRoles } from './planRoles.ts';
import type { PlannedRoles } from './planRoles.ts';
import { splitRows } from './split.ts';
import type { SplitParts } from './split.ts';
import { raise } from '../problem.ts';
import type { Problem } from '../problem.ts';
import type { PreparationConfig, SplitConfig } from '../train/runConfig.ts';

/** @throws ProblemError where target, preparation or split do not fit the data */
export function prepareData(
  dataSet: DataSet,
  config: { readonly preparation: PreparationConfig; readonly split: SplitConfig },
): PreparedData {
  const { info } = dataSet;
  const roles = planRoles(info, config.preparation);
  const target = columnOf(dataSet, roles.target.column.name);
  const notices: Problem[] = [];
  const rows = rowsWithTarget(target, info.rowCount, notices);
  const parts = splitRows(rows, config.split, {
    ...(target.type === 'category' && { codes: target.values }),
    ...(info.testFrom !== undefined && { testFrom: info.testFrom }),
  });
  checkParts(parts, config.split, info.testFrom !== undefined, rows.length, notices);

  const inputs: PreparedRole[] = [];
  const fitted: FittedColumn[] = [];
  if (roles.image !== undefined) {
    const image = prepareImages(dataSet, roles.image, parts.train);
    inputs.push(image.prepared);
    fitted.push(image.fitted);
  }
  const features = prepareFeatures(dataSet, roles, parts.train, fitted, notices);
  if (features !== undefined) inputs.push(features);
  const preparedTarget = prepareTarget(target, roles, config.preparation, parts.train, notices);
  return { task: roles.target.role.task!, rowCount: info.rowCount, inputs, ...preparedTarget, parts, fitted, notices };
}

function columnOf(dataSet: DataSet, name: string): Column {
  const column = dataSet.columns.find((candidate) => candidate.info.name === name);
  if (column === undefined) throw new Error(`data set ${dataSet.info.id}: column "${name}" is announced but not stored`);
  return column;
}

/** A row whose target is a gap can neither train nor score. */
function rowsWithTarget(target: Column, rowCount: number, notices: Problem[]): Int32Array {
  const rows = new Int32Array(rowCount);
  let count = 0;
  for (let row = 0; row < rowCount; row++) {
    const present = target.type === 'category' ? target.values[row]! >= 0 : target.type !== 'number' || !Number.isNaN(target.values[row]!);
    if (present) rows[count++] = row;
  }
  const left = rowCount - count;
  if (left > 0) {
    notices.push({
      code: 'prepare.targetGaps',
      message: `${left} of ${rowCount} rows ${left === 1 ? 'is' : 'are'} left out because the target "${target.info.name}" has no value there.`,
      where: { kind: 'column', column: target.info.name },
    });
  }
  return rows.subarray(0, count);
}

function checkParts(parts: SplitParts, split: SplitConfig, givenTest: boolean, rowCount: number, notices: Problem[]): void {
  if (parts.train.length === 0) {
    raise({
      code: 'split.emptyTraining',
      message: `The training part is empty: expected at least one row, the split leaves none of ${rowCount}.`,
      where: { kind: 'config', path: 'split' },
      hint: 'Give training a larger share or bring more rows.',
    });
  }
  const wanted = { validation: split.validation > 0, test: givenTest || split.test > 0 };
  for (const part of ['validation', 'test'] as const) {
    if (!wanted[part] || parts[part].length > 0) continue;
    notices.push({
      code: 'split.emptyPart',
      message: `The ${part} part is empty: ${rowCount} ${rowCount === 1 ? 'row is' : 'rows are'} too few for a share of ${split[part]}.`,
      where: { kind: 'config', path: `split.${part}` },
      hint:
        part === 'validation' ? 'Training works, but nothing will show whether the network generalises.' : 'There will be no test score.',
    });
  }
}

/** Images stay as they are stored; the scaling is one multiply-add inside the program. */
function prepareImages(
  dataSet: DataSet,
  planned: NonNullable<PlannedRoles['image']>,
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
  roles: PlannedRoles,
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

function fitColumn(column: Column, planned: Parameters<typeof fitNumber>[1], trainRows: Int32Array): Encoder {
  if (column.type === 'number') return fitNumber(column, planned, trainRows);
  if (column.type === 'category') return fitCategory(column, planned, trainRows);
  if (column.type === 'vector') return fitVector(column, planned);
  throw new Error(`column "${column.info.name}" of type ${column.type} has no features`);
}

function prepareTarget(
  target: Column,
  roles: PlannedRoles,
  preparation: PreparationConfig,
  trainRows: Int32Array,
  notices: Problem[],
): { target: PreparedRole; targetScale?: TargetScale } {
  const { role } = roles.target;
  if (target.type === 'category') {
    // A row without a class is in no part; code 0 keeps the column valid for every engine.
    return { target: { role, dtype: 'i32', rowShape: [], values: target.values.map((code) => Math.max(code, 0)) } };
  }
  if (target.type !== 'number') throw new Error(`target "${target.info.name}" of type ${target.type}`);
  const { shift, scale, constant } = fitScale(presentValues(target.values, trainRows), preparation.targetScaling);
  if (constant) {
    notices.push({
      code: 'prepare.constantTarget',
      message: `The target "${target.info.name}" has the same value in every training row, so there is nothing to learn.`,
      where: { kind: 'column', column: target.info.name },
      hint: 'Choose another split or another target.',
    });
  }
  const values = new Float32Array(target.values.length);
  target.values.forEach((value, row) => {
    if (!Number.isNaN(value)) values[row] = (value - shift) / scale;
  });
  return {
    target: { role, dtype: 'f32', rowShape: [1], values },
    targetScale: { shift, scale, ...(target.info.unit !== undefined && { unit: target.info.unit }) },
  };
}
