/** Classification: one class out of several for every row. */
import { defineTask } from './defineTask.ts';
import { hasRows, prepareRows, rowRoles } from './rows.ts';

export const classification = defineTask({
  type: 'classification',
  title: 'Classification',
  doc: 'Says which of several classes a row or an image belongs to.',
  source: 'Goodfellow, Bengio, Courville: Deep Learning, 2016, section 5.1.1',
  params: {},
  answer: 'classes',
  fits: (info, target) => hasRows(info) && target?.type === 'category',
  roles: (info, source) => rowRoles(info, source, 'classification'),
  prepare: (dataSet, source) => prepareRows(dataSet, source, 'classification'),
});
