/** Autoencoding: the input again, through something narrower; with a GaussianLatent layer inside a variational autoencoder. */
import type { DataRole, DataSetInfo } from '../data/dataSet.ts';
import { inputRolesOf, planInputs } from '../data/inputRoles.ts';
import { prepareInputs } from '../data/inputs.ts';
import type { Problem } from '../problem.ts';
import { defineTask, type TaskSource } from './defineTask.ts';
import { divide, notInputs } from './rows.ts';

/** The image, or the features where there is none. */
function inputRole(info: DataSetInfo, source: TaskSource): DataRole {
  return inputRolesOf(planInputs(info, source.preparation, notInputs(source)))[0]!;
}

function targetOf(input: DataRole): DataRole {
  return { ...input, kind: 'target', task: 'autoencoding', description: `the same ${input.description}` };
}

export const autoencoding = defineTask({
  type: 'autoencoding',
  title: 'Autoencoding',
  doc: 'Gives back what came in, through a few numbers in between: what these keep is what the data is made of. Needs no labels.',
  source: 'Hinton, Salakhutdinov 2006, Reducing the dimensionality of data; Kingma, Welling 2013, Auto-encoding variational Bayes',
  params: {},
  answer: 'values',
  fits: (info) => (info.kind === 'table' || info.kind === 'images') && info.columns.some(({ type }) => type !== 'text'),
  roles(info, source) {
    const input = inputRole(info, source);
    return { inputs: [input], targets: [targetOf(input)] };
  },
  prepare(dataSet, source) {
    const { info } = dataSet;
    const planned = planInputs(info, source.preparation, notInputs(source));
    const notices: Problem[] = [];
    const rows = Int32Array.from({ length: info.rowCount }, (_, row) => row);
    const parts = divide(dataSet, rows, source, notices);
    const prepared = prepareInputs(dataSet, planned, parts.train);
    const [input] = prepared.inputs;
    if (input === undefined) throw new Error('Planned inputs were not prepared.');
    return {
      rowCount: info.rowCount,
      inputs: [input],
      target: { ...input, role: targetOf(input.role), sharesWith: input.role.name },
      parts,
      fitted: prepared.fitted,
      encodings: prepared.encodings,
      notices: [...notices, ...prepared.notices],
    };
  },
});
