/** Next-token prediction: at every step of a window of tokens, which one follows. */
import { findTarget } from '../data/features.ts';
import { columnOf } from '../data/inputs.ts';
import type { PreparedRole } from '../data/prepared.ts';
import type { Problem } from '../problem.ts';
import { defineTask } from './defineTask.ts';
import { codesOf, splitWindows, tokensRole } from './windows.ts';

export const nextToken = defineTask({
  type: 'nextToken',
  title: 'Next token',
  doc: 'Reads a text from left to right and guesses at every step what comes next; a trained network writes by itself.',
  source: 'Bengio and others 2003, A neural probabilistic language model; Radford and others 2018, Improving language understanding',
  params: {
    steps: {
      kind: 'integer',
      label: 'Window',
      doc: 'How many tokens the network sees at once.',
      default: 64,
      min: 2,
      max: 65_536,
      unit: 'tokens',
    },
    stride: {
      kind: 'integer',
      label: 'Stride',
      doc: 'Tokens from the start of one training window to that of the next; fewer than the window makes more samples of the same text. 0: as many as the window.',
      default: 0,
      min: 0,
      max: 65_536,
      unit: 'tokens',
      advanced: true,
    },
  },
  answer: 'classes',
  fits: (info, target) => (info.kind === 'text' || info.kind === 'table') && target?.type === 'category',
  roles(info, { preparation }, { steps }) {
    const column = findTarget(info, preparation);
    return { inputs: [tokensRole(column, 'input', steps, 'nextToken')], targets: [tokensRole(column, 'target', steps, 'nextToken')] };
  },
  prepare(dataSet, { preparation, split }, { steps, stride }) {
    const column = findTarget(dataSet.info, preparation);
    const notices: Problem[] = [];
    const plan = { length: steps + 1, known: 0, stride: stride === 0 ? steps : stride, scoreStride: steps };
    const { trainRows: _rows, ...parts } = splitWindows(dataSet, split, plan, notices);
    const stored = { dtype: 'i32', rowShape: [], values: codesOf(columnOf(dataSet, column.name)) } as const;
    const input: PreparedRole = {
      ...stored,
      role: tokensRole(column, 'input', steps, 'nextToken'),
      reading: { kind: 'window', offset: 0, length: steps },
    };
    const target: PreparedRole = {
      ...stored,
      role: tokensRole(column, 'target', steps, 'nextToken'),
      reading: { kind: 'window', offset: 1, length: steps },
      sharesWith: column.name,
    };
    const fitted = [{ column: column.name, becomes: `${column.categories?.length ?? 0} tokens`, features: 1 }];
    return { rowCount: dataSet.info.rowCount, inputs: [input], target, parts, fitted, notices };
  },
});
