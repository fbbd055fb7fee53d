/** Regression: one number for every row. */
import { defineTask } from './defineTask.ts';
import { hasRows, prepareRows, rowRoles } from './rows.ts';

export const regression = defineTask({
  type: 'regression',
  title: 'Regression',
  doc: 'Predicts a number, such as a price or a length.',
  source: 'Goodfellow, Bengio, Courville: Deep Learning, 2016, section 5.1.1',
  params: {},
  answer: 'numbers',
  fits: (info, target) => hasRows(info) && target?.type === 'number',
  roles: (info, source) => rowRoles(info, source, 'regression'),
  prepare: (dataSet, source) => prepareRows(dataSet, source, 'regression'),
});
