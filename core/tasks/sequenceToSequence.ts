/**
 * Sequence to sequence: one text read, another written, character by character. In training the decoder sees what should
 * have been written so far (teacher forcing); a trained network sees what it wrote itself.
 */
import type { ColumnInfo, DataRole, DataSetInfo } from '../data/dataSet.ts';
import { columnOf } from '../data/inputs.ts';
import type { PreparedRole } from '../data/prepared.ts';
import { batchDim, dim } from '../graph/shape.ts';
import { raise, type Problem } from '../problem.ts';
import { defineTask, type TaskSource } from './defineTask.ts';
import { divide } from './rows.ts';

/** Codes before those of the characters. */
export const paddingToken = 0;
export const startToken = 1;
export const endToken = 2;
const firstCharacter = 3;

/** Names by code. */
export function tokenNames(column: ColumnInfo): string[] {
  return ['padding', 'start', 'end', ...(column.alphabet ?? '')];
}

/** The text's codes, ended and padded to `length`; characters the alphabet lacks are left out. */
export function encodeText(text: string, column: ColumnInfo, length: number): Int32Array {
  const codes = new Int32Array(length).fill(paddingToken);
  let at = 0;
  for (const character of text) {
    const code = (column.alphabet ?? '').indexOf(character);
    if (code >= 0 && at < length - 1) codes[at++] = code + firstCharacter;
  }
  codes[at] = endToken;
  return codes;
}

/** Up to the end token. */
export function decodeText(codes: ArrayLike<number>, column: ColumnInfo): string {
  let text = '';
  for (let i = 0; i < codes.length && codes[i] !== endToken; i++) {
    if (codes[i]! >= firstCharacter) text += column.alphabet?.[codes[i]! - firstCharacter] ?? '';
  }
  return text;
}

const isText = (column: ColumnInfo | undefined): boolean => column?.type === 'text' && column.alphabet !== undefined;

interface Pair {
  readonly source: ColumnInfo;
  readonly target: ColumnInfo;
  readonly readSteps: number;
  readonly writtenSteps: number;
}

export function findPair(info: DataSetInfo, preparation: TaskSource['preparation'], source: string): Pair {
  const target = info.columns.find(({ name }) => name === preparation.target);
  if (target === undefined || !isText(target)) {
    raise({
      code: 'target.type',
      message: `preparation.target: expected a text column to write, got "${preparation.target}"${target === undefined ? '' : ` of type ${target.type}`}.`,
      where: { kind: 'config', path: 'preparation.target' },
    });
  }
  const texts = info.columns.filter((column) => isText(column) && column !== target);
  const read = source === '' ? texts[0] : texts.find(({ name }) => name === source);
  if (read === undefined) {
    raise({
      code: 'task.source',
      message: `task.source: expected a text column to read beside "${target.name}", got ${source === '' ? 'none' : `"${source}"`}.`,
      where: { kind: 'config', path: 'task.source' },
      ...(texts.length > 0 && { hint: `Text columns: ${texts.map(({ name }) => name).join(', ')}.` }),
    });
  }
  return { source: read, target, readSteps: (read.longest ?? 1) + 1, writtenSteps: (target.longest ?? 1) + 1 };
}

/** The Input that holds what was written so far. */
export const writtenName = 'written so far';

function rolesOf({ source, target, readSteps, writtenSteps }: Pair): { read: DataRole; written: DataRole; target: DataRole } {
  const classNames = tokenNames(target);
  const steps = dim('T', writtenSteps);
  return {
    read: {
      name: source.name,
      kind: 'input',
      shape: [batchDim, dim('T', readSteps)],
      classNames: tokenNames(source),
      description: `${readSteps} tokens of ${tokenNames(source).length} kinds`,
    },
    written: {
      name: writtenName,
      kind: 'input',
      shape: [batchDim, steps],
      classNames,
      description: `${writtenSteps} tokens of ${classNames.length} kinds, one step behind`,
    },
    target: {
      name: target.name,
      kind: 'target',
      shape: [batchDim, steps, dim('F', classNames.length)],
      task: 'sequenceToSequence',
      classNames,
      description: `${classNames.length} classes per step`,
    },
  };
}

export const sequenceToSequence = defineTask({
  type: 'sequenceToSequence',
  title: 'Sequence to sequence',
  doc: 'Reads one text and writes another, as a date in words and the same date in digits.',
  source: 'Sutskever, Vinyals, Le 2014, Sequence to sequence learning with neural networks; Williams, Zipser 1989 (teacher forcing)',
  params: {
    source: {
      kind: 'text',
      label: 'Reads',
      doc: 'The text column that is read; empty: the first one beside the target.',
      default: '',
      placeholder: 'the first other text column',
    },
  },
  answer: 'classes',
  fits: (info, target) => info.kind === 'table' && isText(target) && info.columns.filter(isText).length > 1,
  roles(info, { preparation }, { source }) {
    const { read, written, target } = rolesOf(findPair(info, preparation, source));
    return { inputs: [read, written], targets: [target] };
  },
  prepare(dataSet, taskSource, { source }) {
    const pair = findPair(dataSet.info, taskSource.preparation, source);
    const { read, written, target } = rolesOf(pair);
    const { rowCount } = dataSet.info;
    const texts = (name: string): readonly string[] => columnOf(dataSet, name).values as readonly string[];
    const [reads, writes] = [texts(pair.source.name), texts(pair.target.name)];
    const notices: Problem[] = [];
    const rows = Int32Array.from({ length: rowCount }, (_, row) => row).filter((row) => reads[row] !== '' && writes[row] !== '');
    if (rows.length < rowCount) {
      notices.push({
        code: 'prepare.targetGaps',
        message: `${rowCount - rows.length} of ${rowCount} rows are left out because a text is empty.`,
      });
    }
    const parts = divide(dataSet, rows, taskSource, notices);
    const encoded = (all: readonly string[], column: ColumnInfo, length: number): Int32Array => {
      const codes = new Int32Array(rowCount * length);
      for (let row = 0; row < rowCount; row++) codes.set(encodeText(all[row]!, column, length), row * length);
      return codes;
    };
    const targets = encoded(writes, pair.target, pair.writtenSteps);
    const shifted = new Int32Array(targets.length);
    for (let row = 0; row < rowCount; row++) {
      const at = row * pair.writtenSteps;
      shifted[at] = startToken;
      shifted.set(targets.subarray(at, at + pair.writtenSteps - 1), at + 1);
    }
    const tokens = (role: DataRole, values: Int32Array, steps: number): PreparedRole => ({ role, dtype: 'i32', rowShape: [steps], values });
    return {
      rowCount,
      inputs: [tokens(read, encoded(reads, pair.source, pair.readSteps), pair.readSteps), tokens(written, shifted, pair.writtenSteps)],
      target: tokens(target, targets, pair.writtenSteps),
      parts,
      fitted: [pair.source, pair.target].map((column) => ({
        column: column.name,
        becomes: `${tokenNames(column).length} tokens`,
        features: (column.longest ?? 1) + 1,
      })),
      notices,
    };
  },
});
