/** Every word about the confusion matrix and the scores of single classes. */
import { formatCount, formatPercent } from '../ui/format.ts';
import type { ConfusionMatrix } from '../../core/metrics/confusion.ts';
import type { CellPlace, ClassColumn } from './confusionView.ts';

type Part = 'train' | 'validation' | 'test';

const rows = (count: number): string => (count === 1 ? 'row' : 'rows');

export const classText = {
  title: 'Confusion',
  titleOf: (part: Part) => `Confusion, ${part === 'train' ? 'training' : part}`,
  tableOf: (part: Part) => `Scores by class, ${part === 'train' ? 'training' : part}`,
  part: 'Part of the data',
  parts: { train: 'Training', validation: 'Validation', test: 'Test' },
  numbers: 'Numbers in the cells',
  share: '%',
  shareDoc: 'Share of the true class, in percent',
  count: 'Rows',
  trueAxis: 'true',
  predictedAxis: 'predicted',
  noMistake: 'Every row is given its class.',
  commonest: (sentence: string) => `Commonest mistake: ${sentence}`,
  columns: { name: 'Class', precision: 'Precision', recall: 'Recall', f1: 'F1', support: 'Rows' } satisfies Record<ClassColumn, string>,
  columnDocs: {
    name: 'The class, in the order of the data set',
    precision: 'Of the rows given this class, how many are of it',
    recall: 'Of the rows of this class, how many are found',
    f1: 'Precision and recall together: their harmonic mean',
    support: 'Rows of this class',
  } satisfies Record<ClassColumn, string>,
  weakest: 'weakest',
};

/** `Shirt taken for Coat: 12 of 207 rows, 5.8 %`. */
export function cellSentence(matrix: ConfusionMatrix, names: readonly string[], { row, column }: CellPlace): string {
  const count = matrix[row]![column]!;
  const support = matrix[row]!.reduce((sum, cell) => sum + cell, 0);
  const of = `${formatCount(count)} of ${formatCount(support)} ${rows(support)}`;
  const share = support === 0 ? '' : `, ${formatPercent(count / support)}`;
  return row === column ? `${names[row]} found: ${of}${share}` : `${names[row]} taken for ${names[column]}: ${of}${share}`;
}
