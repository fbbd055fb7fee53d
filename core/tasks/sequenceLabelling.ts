/** Sequence labelling: a class for every step of a window of rows. */
import { findTarget } from '../data/features.ts';
import { planInputs } from '../data/inputRoles.ts';
import { columnOf, prepareInputs } from '../data/inputs.ts';
import type { PreparedRole } from '../data/prepared.ts';
import type { Problem } from '../problem.ts';
import { defineTask } from './defineTask.ts';
import { notInputs } from './rows.ts';
import { codesOf, sequenceInput, sequenceRole, splitWindows, tokensRole } from './windows.ts';

export const sequenceLabelling = defineTask({
  type: 'sequenceLabelling',
  title: 'Sequence labelling',
  doc: 'Gives every step of a sequence a class, as the readings of a sensor that fails from time to time.',
  source: 'Graves 2012, Supervised sequence labelling with recurrent neural networks',
  params: {
    steps: {
      kind: 'integer',
      label: 'Window',
      doc: 'How many rows in a row make a sample.',
      default: 32,
      min: 2,
      max: 65_536,
      unit: 'rows',
    },
  },
  answer: 'classes',
  fits: (info, target) => info.kind === 'table' && target?.type === 'category',
  roles(info, source, { steps }) {
    const planned = planInputs(info, source.preparation, notInputs(source));
    return {
      inputs: [sequenceRole(planned, planned.features?.width ?? 0, steps)],
      targets: [tokensRole(findTarget(info, source.preparation), 'target', steps, 'sequenceLabelling')],
    };
  },
  prepare(dataSet, source, { steps }) {
    const column = findTarget(dataSet.info, source.preparation);
    const planned = planInputs(dataSet.info, source.preparation, notInputs(source));
    const notices: Problem[] = [];
    const plan = { length: steps, known: 0, stride: Math.max(1, Math.floor(steps / 2)), scoreStride: steps };
    const { trainRows, ...parts } = splitWindows(dataSet, source.split, plan, notices);
    const prepared = prepareInputs(dataSet, planned, trainRows);
    const features = prepared.inputs.find(({ role }) => role.name === 'features');
    const role = sequenceRole(planned, planned.features?.width ?? 0, steps);
    const target: PreparedRole = {
      role: tokensRole(column, 'target', steps, 'sequenceLabelling'),
      dtype: 'i32',
      rowShape: [],
      values: codesOf(columnOf(dataSet, column.name)),
      reading: { kind: 'window', offset: 0, length: steps },
    };
    return {
      rowCount: dataSet.info.rowCount,
      inputs: features === undefined ? [] : [sequenceInput(role, features.values as Float32Array, steps)],
      target,
      parts,
      fitted: prepared.fitted,
      encodings: prepared.encodings,
      notices: [...notices, ...prepared.notices],
    };
  },
});
