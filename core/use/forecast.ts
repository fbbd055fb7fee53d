/** Forecasts of a series, and the classes of all nodes of a graph: what is asked of the data set itself. */
import { columnOf } from '../data/inputs.ts';
import { raise } from '../problem.ts';
import type { Forecast, NodeAnswers } from './answers.ts';
import type { Predictor } from './predict.ts';
import { storedInput, type Trained } from './trained.ts';

/** Rows shown before a forecast, as a multiple of what the network looks back on. */
const historyFactor = 3;

export async function forecastFrom(predictor: Predictor, trained: Trained, row: number): Promise<Forecast> {
  const { config, data, dataSet, inputs } = trained;
  if (config.task.type !== 'forecasting') throw new Error(`A run of the task ${config.task.type} forecasts nothing.`);
  const { past, horizon } = config.task;
  const { rowCount } = dataSet.info;
  if (row < past || row > rowCount) {
    raise({
      code: 'use.forecastRow',
      message: `A forecast can begin at rows ${past} to ${rowCount}, got ${row}: the network looks back on ${past} rows.`,
    });
  }
  const given = new Map(inputs.map((role) => [role.role.name, storedInput(trained, role, row - past)]));
  const { values } = await predictor.predict([given]);
  const { shift, scale, unit } = data.targetScale ?? { shift: 0, scale: 1 };
  const column = columnOf(dataSet, config.preparation.target);
  const own = column.type === 'number' ? column.values : new Float64Array(0);
  const between = (from: number, to: number) =>
    Array.from(own.subarray(Math.max(0, from), to), (value) => (Number.isNaN(value) ? null : value));
  return {
    column: column.info.name,
    ...(unit === undefined ? {} : { unit }),
    row,
    history: between(row - historyFactor * past, row),
    values: Array.from(values.subarray(0, horizon), (value) => value * scale + shift),
    actual: between(row, row + horizon),
  };
}

/** Classes of all nodes, from one pass over the whole graph. */
export async function classifyNodes(predictor: Predictor, trained: Trained): Promise<NodeAnswers> {
  const { config, data, dataSet, inputs } = trained;
  const { values } = await predictor.predict([new Map(inputs.map((role) => [role.role.name, storedInput(trained, role, 0)]))]);
  const classNames = data.target.role.classNames ?? [];
  const count = dataSet.info.rowCount;
  const predicted = new Int32Array(count);
  for (let node = 0; node < count; node++)
    predicted[node] = likeliest(values.subarray(node * classNames.length, (node + 1) * classNames.length));
  const column = columnOf(dataSet, config.preparation.target);
  const part = new Uint8Array(count).fill(3);
  [data.parts.train, data.parts.validation, data.parts.test].forEach((rows, code) => rows.forEach((row) => (part[row] = code)));
  return {
    classNames,
    probabilities: values,
    predicted,
    truth: column.type === 'category' ? column.values.slice() : new Int32Array(count).fill(-1),
    part,
    edges: (dataSet.edges ?? new Int32Array(0)).slice(),
  };
}

/** The first index of the largest. */
export function likeliest(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
