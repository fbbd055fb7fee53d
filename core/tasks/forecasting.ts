/** Forecasting: the next values of a number from the rows before, its own past values first. */
import type { DataRole, DataSetInfo } from '../data/dataSet.ts';
import { findTarget, planColumns } from '../data/features.ts';
import { presentValues } from '../data/fit.ts';
import { featuresRole, type PlannedInputs } from '../data/inputRoles.ts';
import type { Encoding } from '../data/encoding.ts';
import { columnOf, prepareInputs } from '../data/inputs.ts';
import type { PreparedRole } from '../data/prepared.ts';
import { prepareTarget, targetRole } from '../data/targets.ts';
import { batchDim, dim } from '../graph/shape.ts';
import type { Problem } from '../problem.ts';
import { defineTask, type TaskSource } from './defineTask.ts';
import { notInputs } from './rows.ts';
import { sequenceInput, sequenceRole, splitWindows } from './windows.ts';

/** The columns known beside the number's own past; there may be none. */
function planPast(info: DataSetInfo, source: TaskSource): PlannedInputs {
  const except = notInputs(source);
  const columns = planColumns(info, source.preparation).filter(
    (column) => !except.includes(column.info.name) && column.info.type !== 'image',
  );
  const width = columns.reduce((sum, column) => sum + column.width, 0);
  return { columns, ...(width > 0 && { features: { role: featuresRole(columns, width), width } }) };
}

function rolesFor(
  info: DataSetInfo,
  source: TaskSource,
  past: number,
  horizon: number,
): { input: DataRole; target: DataRole; planned: PlannedInputs } {
  const planned = planPast(info, source);
  const column = findTarget(info, source.preparation);
  const single = targetRole(column, source.preparation.targetScaling, 'forecasting');
  const input = sequenceRole(planned, 1 + (planned.features?.width ?? 0), past);
  return {
    planned,
    input: {
      ...input,
      description: `${past} steps of ${column.name}${planned.features === undefined ? '' : ` and ${planned.features.role.description}`}`,
    },
    target: {
      ...single,
      shape: [batchDim, dim('F', horizon)],
      description: `${horizon === 1 ? 'next step' : `next ${horizon} steps`}: ${single.description}`,
    },
  };
}

export const forecasting = defineTask({
  type: 'forecasting',
  title: 'Forecasting',
  doc: 'Continues a series in time: from the last rows to the next values of one number. What is known of other columns helps.',
  source: 'Hyndman, Athanasopoulos 2021, Forecasting: principles and practice, 3rd edition, section 12.4',
  params: {
    past: {
      kind: 'integer',
      label: 'Past',
      doc: 'How many rows the network looks back on.',
      default: 28,
      min: 1,
      max: 65_536,
      unit: 'steps',
    },
    horizon: {
      kind: 'integer',
      label: 'Horizon',
      doc: 'How many rows ahead it predicts, all at once.',
      default: 7,
      min: 1,
      max: 4096,
      unit: 'steps',
    },
  },
  answer: 'numbers',
  fits: (info, target) => info.kind === 'table' && target?.type === 'number',
  roles(info, source, { past, horizon }) {
    const { input, target } = rolesFor(info, source, past, horizon);
    return { inputs: [input], targets: [target] };
  },
  prepare(dataSet, source, { past, horizon }) {
    const { info } = dataSet;
    const { planned, input, target: role } = rolesFor(info, source, past, horizon);
    const notices: Problem[] = [];
    const plan = { length: past + horizon, known: past, stride: 1, scoreStride: horizon };
    const { trainRows, ...parts } = splitWindows(dataSet, source.split, plan, notices);
    const prepared = prepareInputs(dataSet, planned, trainRows);
    const column = columnOf(dataSet, source.preparation.target);
    const { target: scaled, targetScale } = prepareTarget(column, role, source.preparation, trainRows, notices);
    const numbers = filled(
      scaled.values as Float32Array,
      column.type === 'number' ? column.values : new Float64Array(),
      notices,
      column.info.name,
    );
    const width = input.shape[2]?.size ?? 1;
    const features = prepared.inputs[0]?.values;
    const values = new Float32Array(info.rowCount * width);
    for (let row = 0; row < info.rowCount; row++) {
      values[row * width] = numbers[row]!;
      for (let k = 1; k < width; k++) values[row * width + k] = features![row * (width - 1) + k - 1]!;
    }
    const target: PreparedRole = {
      role,
      dtype: 'f32',
      rowShape: [],
      values: numbers,
      reading: { kind: 'window', offset: past, length: horizon },
    };
    const own = { column: column.info.name, becomes: 'its own past', features: 1 };
    return {
      rowCount: info.rowCount,
      inputs: [sequenceInput(input, values, past)],
      target,
      ...(targetScale === undefined ? {} : { targetScale }),
      parts,
      fitted: [own, ...prepared.fitted],
      encodings: [{ column: column.info.name, encoding: ownEncoding(targetScale) }, ...prepared.encodings],
      notices: [...notices, ...prepared.notices],
    };
  },
});

/** Of the series' past, scaled as what is forecast; where the value before a gap is not known, the mean stands in. */
function ownEncoding({ shift, scale }: { readonly shift: number; readonly scale: number } = { shift: 0, scale: 1 }): Encoding {
  return { kind: 'number', shift, scale, fill: shift, gapFeature: false };
}

/** A gap in the series takes the value before it. */
function filled(scaled: Float32Array, own: Float64Array, notices: Problem[], name: string): Float32Array {
  const gaps = own.length - presentValues(own, Int32Array.from(own.keys())).length;
  if (gaps === 0) return scaled;
  const values = scaled.slice();
  for (let row = 1; row < values.length; row++) if (Number.isNaN(own[row]!)) values[row] = values[row - 1]!;
  notices.push({
    code: 'prepare.seriesGaps',
    message: `${gaps} of ${own.length} rows have no value of "${name}": each takes the one before it.`,
    where: { kind: 'column', column: name },
  });
  return values;
}
