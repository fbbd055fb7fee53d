/**
 * Divides rows into a training, a validation and a test part: by a seed, the same for the same rows and shares, each
 * row in exactly one part. Stratified where there are classes: each class's count in each part is the exact share
 * rounded down or up.
 */
import { createRandom } from '../random/philox.ts';
import { raise } from '../problem.ts';
import type { Problem } from '../problem.ts';
import type { SplitConfig } from '../train/runConfig.ts';
import type { DataSet } from './dataSet.ts';

export interface SplitParts {
  readonly train: Int32Array;
  readonly validation: Int32Array;
  readonly test: Int32Array;
}

const splitStream = 0x2000_0000;

/**
 * @param rows row indices to divide, ascending; a given test set is left out by `testFrom`
 * @param codes class code by row, for stratification
 * @param testFrom rows from this index on are the given test set
 * @returns ascending row indices of each part
 */
export function splitRows(
  rows: Int32Array,
  config: SplitConfig,
  options: { readonly codes?: Int32Array; readonly testFrom?: number } = {},
): SplitParts {
  checkShares(config, options.testFrom !== undefined);
  const { testFrom } = options;
  const given = testFrom === undefined ? new Int32Array(0) : rows.filter((row) => row >= testFrom);
  const free = testFrom === undefined ? rows : rows.filter((row) => row < testFrom);
  const groups = config.stratify && options.codes !== undefined ? groupByCode(free, options.codes) : [free.slice()];
  const shares = [config.train, config.validation, config.test];
  const random = createRandom(config.seed, splitStream);
  const parts: number[][] = [[], [], []];
  const owed = [0, 0, 0];
  for (const group of groups) {
    random.shuffle(group);
    const counts = apportion(group.length, shares, owed);
    let from = 0;
    counts.forEach((count, part) => {
      for (let i = from; i < from + count; i++) parts[part]!.push(group[i]!);
      from += count;
    });
  }
  const [train, validation, test] = parts.map((part) => Int32Array.from(part).sort()) as [Int32Array, Int32Array, Int32Array];
  return { train, validation, test: testFrom === undefined ? test : given };
}

/** By the shares, or by a column that names each row's part. */
export function divideRows(
  dataSet: DataSet,
  rows: Int32Array,
  config: SplitConfig,
  options: { readonly codes?: Int32Array; readonly testFrom?: number } = {},
): SplitParts {
  if (config.column === undefined) return splitRows(rows, config, options);
  const column = dataSet.columns.find(({ info }) => info.name === config.column);
  const where = { kind: 'config', path: 'split.column' } as const;
  if (column?.type !== 'category') {
    raise({
      code: 'split.column',
      message: `split.column: expected a category column of ${dataSet.info.id} with the values train, validation and test, got "${config.column}"${column === undefined ? ', which it does not have' : ` of type ${column.type}`}.`,
      where,
      fixes: [{ kind: 'setConfig', label: 'Divide by shares', path: 'split', value: withoutColumn(config) }],
    });
  }
  const names = (column.info.categories ?? []).map((name) => name.trim().toLowerCase());
  const wrong = names.findIndex((name) => !Object.hasOwn(partNames, name));
  if (wrong >= 0) {
    raise({
      code: 'split.columnValue',
      message: `split.column: expected train, validation or test in column "${config.column}", got "${column.info.categories?.[wrong]}".`,
      where,
      fixes: [{ kind: 'setConfig', label: 'Divide by shares', path: 'split', value: withoutColumn(config) }],
    });
  }
  const part = (wanted: string) => rows.filter((row) => partNames[names[column.values[row]!] ?? ''] === wanted);
  return { train: part('train'), validation: part('validation'), test: part('test') };
}

const partNames: Readonly<Record<string, string>> = {
  train: 'train',
  training: 'train',
  validation: 'validation',
  valid: 'validation',
  test: 'test',
};

function withoutColumn({ column: _column, ...rest }: SplitConfig): SplitConfig {
  return rest;
}

export function checkShares(config: SplitConfig, givenTest: boolean): void {
  const { train, validation, test } = config;
  for (const [name, share] of Object.entries({ train, validation, test })) {
    if (!(share >= 0 && share <= 1)) {
      raise({
        code: 'split.share',
        message: `split.${name}: expected a share from 0 to 1, got ${share}.`,
        where: { kind: 'config', path: `split.${name}` },
      });
    }
  }
  if (givenTest && test !== 0) {
    raise({
      code: 'split.givenTest',
      message: `split.test: expected 0 because this data set brings its own test set, got ${test}.`,
      where: { kind: 'config', path: 'split.test' },
      fixes: [
        { kind: 'setConfig', label: 'Use the given test set', path: 'split', value: { ...config, train: round(1 - validation), test: 0 } },
      ],
    });
  }
  const sum = train + validation + test;
  if (Math.abs(sum - 1) > 1e-6) {
    raise({
      code: 'split.sum',
      message: `split: expected shares that sum to 1, got ${train} + ${validation} + ${test} = ${round(sum)}.`,
      where: { kind: 'config', path: 'split' },
      ...(validation + test < 1 && {
        fixes: [
          {
            kind: 'setConfig',
            label: `Train on ${round(100 * (1 - validation - test))} %`,
            path: 'split.train',
            value: round(1 - validation - test),
          },
        ],
      }),
    });
  }
  if (train === 0)
    raise({
      code: 'split.noTraining',
      message: 'split.train: expected a share above 0, got 0: nothing would be left to train on.',
      where: { kind: 'config', path: 'split.train' },
    });
}

function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

function groupByCode(rows: Int32Array, codes: Int32Array): Int32Array[] {
  const groups = new Map<number, number[]>();
  for (const row of rows) {
    const code = codes[row]!;
    const group = groups.get(code);
    if (group === undefined) groups.set(code, [row]);
    else group.push(row);
  }
  return [...groups.keys()].sort((a, b) => a - b).map((code) => Int32Array.from(groups.get(code)!));
}

/**
 * Whole numbers that sum to `count`, each the exact share rounded down or up. Which ones are rounded up is decided by
 * what rounding has kept from each part so far (`owed`, updated), so that many small classes do not all round alike.
 * The training part gets the first row of every class: a class met only in a test teaches nothing.
 */
function apportion(count: number, shares: readonly number[], owed: number[]): number[] {
  const exact = shares.map((share) => round(share * count));
  const counts = exact.map(Math.floor);
  const open = exact.map((quota, part) => quota > counts[part]!);
  let left = count - counts.reduce((sum, n) => sum + n, 0);
  while (left > 0) {
    let best = -1;
    for (let part = 0; part < counts.length; part++) {
      if (open[part] !== true) continue;
      const trainFirst = (p: number) => (p === 0 && counts[0] === 0 ? 1e9 : 0);
      const claim = exact[part]! - counts[part]! + owed[part]! + trainFirst(part);
      if (best < 0 || claim > exact[best]! - counts[best]! + owed[best]! + trainFirst(best) + 1e-9) best = part;
    }
    if (best < 0) best = 0;
    counts[best]!++;
    open[best] = false;
    left--;
  }
  for (let part = 0; part < counts.length; part++) owed[part]! += exact[part]! - counts[part]!;
  return counts;
}

/** An empty training part stops, another one is worth a notice. */
export function checkParts(parts: SplitParts, split: SplitConfig, givenTest: boolean, rowCount: number, notices: Problem[]): void {
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
    // Where a column deals the rows, an empty part is meant to be empty.
    if (!wanted[part] || parts[part].length > 0 || split.column !== undefined) continue;
    notices.push({
      code: 'split.emptyPart',
      message: `The ${part} part is empty: ${rowCount} ${rowCount === 1 ? 'row is' : 'rows are'} too few for a share of ${split[part]}.`,
      where: { kind: 'config', path: `split.${part}` },
      hint:
        part === 'validation' ? 'Training works, but nothing will show whether the network generalises.' : 'There will be no test score.',
    });
  }
}
