import { describe, expect, it } from 'vitest';
import type { Column, DataSet } from '../data/dataSet.ts';
import { defaultRunConfig } from '../train/defaults.ts';
import type { ColumnPreparation, RunConfig } from '../train/runConfig.ts';
import { readCsv } from '../data/csv.ts';
import { prepareData } from './prepareData.ts';
import { describeRoles, rolesOf } from './roles.ts';
import { encodeUtf8 } from '../data/utf8.ts';

function table(text: string, types: Record<string, 'number' | 'category' | 'text'> = {}): DataSet {
  const { rowCount, columns } = readCsv(() => [encodeUtf8(text)], { file: 't.csv', types });
  return {
    info: {
      id: 't',
      name: 'T',
      hash: 'h',
      origin: 'csv',
      kind: 'table',
      rowCount,
      columns: columns.map((column) => column.info),
      description: '',
    },
    columns,
  };
}

function images(count: number, testFrom?: number): DataSet {
  const image: Column = {
    info: { name: 'image', type: 'image', missing: 0, imageShape: [1, 2, 2] },
    type: 'image',
    values: Uint8Array.from({ length: 4 * count }, (_, i) => (i * 37) % 256),
  };
  const label: Column = {
    info: { name: 'label', type: 'category', missing: 0, categories: ['a', 'b'] },
    type: 'category',
    values: Int32Array.from({ length: count }, (_, i) => i % 2),
  };
  return {
    info: {
      id: 'i',
      name: 'I',
      hash: 'h',
      origin: 'sample',
      kind: 'images',
      rowCount: count,
      columns: [image.info, label.info],
      ...(testFrom !== undefined && { testFrom }),
      defaultTarget: 'label',
      description: '',
    },
    columns: [image, label],
  };
}

function configFor(
  dataSet: DataSet,
  target: string,
  columns: Record<string, Partial<ColumnPreparation>> = {},
  change: Partial<RunConfig> = {},
): RunConfig {
  const config = defaultRunConfig(dataSet.info, { network: 'n', target });
  const changed = Object.fromEntries(
    Object.entries(config.preparation.columns).map(([name, column]) => [name, { ...column, ...columns[name] }]),
  );
  return { ...config, preparation: { ...config.preparation, columns: changed }, ...change };
}

/** Everything in training, to make numbers plain. */
const trainOnly = { split: { train: 1, validation: 0, test: 0, seed: 1, stratify: false } };

const features = (prepared: ReturnType<typeof prepareData>) => {
  const { values, rowShape } = prepared.inputs.find((input) => input.role.name === 'features')!;
  const width = rowShape[0]!;
  return Array.from({ length: values.length / width }, (_, row) =>
    Array.from(values.slice(row * width, (row + 1) * width), (value) => Math.round(value * 1e4) / 1e4),
  );
};

describe('prepareData', () => {
  it('standardises, fills gaps and encodes categories', () => {
    const data = table('x,c,y\n1,red,a\n3,blue,b\n,red,a\n5,,b\n');
    const prepared = prepareData(data, configFor(data, 'y', {}, trainOnly));
    // x: median 3, mean 3, deviation √(8/3); c: blue, red, gap.
    expect(features(prepared)).toEqual([
      [-1.2247, 0, 1, 0],
      [0, 1, 0, 0],
      [0, 0, 1, 0],
      [1.2247, 0, 0, 1],
    ]);
    expect(prepared.fitted).toEqual([
      { column: 'x', becomes: 'standardised: mean 3, deviation 1.633; 1 gap filled with the median 3', features: 1 },
      { column: 'c', becomes: 'one-hot: 2 categories; 1 gap as a category of their own', features: 3 },
    ]);
    expect(prepared.target).toMatchObject({
      dtype: 'i32',
      rowShape: [],
      values: Int32Array.of(0, 1, 0, 1),
      role: { name: 'y', task: 'classification', classNames: ['a', 'b'], description: '2 classes' },
    });
    expect(prepared.target.role.shape.map((d) => d.size)).toEqual([null, 2]);
    expect(prepared.inputs[0]!.role).toMatchObject({ name: 'features', description: '2 columns as 4 features, standardised' });
    expect(prepared.notices).toEqual([]);
  });

  it.each([
    ['mean', 14 / 4],
    ['median', 2],
    ['mostFrequent', 1],
  ] as const)('fills gaps with the %s', (gaps, fill) => {
    const data = table('x,y\n1,a\n1,b\n3,a\n9,b\n?,a\n', { y: 'category' });
    const prepared = prepareData(data, configFor(data, 'y', { x: { gaps, scaling: 'none' } }, trainOnly));
    expect(features(prepared)[4]).toEqual([fill]);
  });

  it('marks gaps of numbers in a feature of their own', () => {
    const data = table('x,y\n1,a\n,b\n3,a\n');
    const prepared = prepareData(data, configFor(data, 'y', { x: { gaps: 'ownCategory', scaling: 'none' } }, trainOnly));
    expect(features(prepared)).toEqual([
      [1, 0],
      [2, 1],
      [3, 0],
    ]);
  });

  it('scales to 0–1, or not at all', () => {
    const data = table('x,z,y\n2,7,a\n4,8,b\n6,9,a\n');
    const prepared = prepareData(data, configFor(data, 'y', { x: { scaling: 'minMax' }, z: { scaling: 'none' } }, trainOnly));
    expect(features(prepared)).toEqual([
      [0, 7],
      [0.5, 8],
      [1, 9],
    ]);
  });

  it('fits on the training part only', () => {
    const lines = Array.from({ length: 200 }, (_, i) => `${i},${i % 3 === 0 ? 'u' : 'v'},${i % 2}`);
    const data = table(`x,c,y\n${lines.join('\n')}\n`, { y: 'category' });
    const config = configFor(data, 'y', { x: { use: true } });
    const { parts, fitted } = prepareData(data, config);
    const x = data.columns[0]!.values as Float64Array;
    const changed: DataSet = {
      ...data,
      columns: data.columns.map((column) =>
        column.info.name === 'x'
          ? { info: column.info, type: 'number', values: x.map((value, row) => (parts.train.includes(row) ? value : 1e6)) }
          : column,
      ),
    };
    const again = prepareData(changed, config);
    expect(again.fitted).toEqual(fitted);
    const width = again.inputs[0]!.rowShape[0]!;
    let sum = 0;
    for (const row of parts.train) sum += again.inputs[0]!.values[row * width]!;
    expect(sum / parts.train.length).toBeCloseTo(0, 5);
  });

  it('makes a category that training never saw all zeros', () => {
    const data = table(`c,y\n${'p,a\nq,b\n'.repeat(20)}rare,a\n`);
    for (let seed = 1; seed < 50; seed++) {
      const config = configFor(data, 'y', {}, { split: { train: 0.5, validation: 0.25, test: 0.25, seed, stratify: true } });
      const prepared = prepareData(data, config);
      const trained = prepared.parts.train.includes(40);
      expect(features(prepared)[40]).toEqual(trained ? [0, 0, 1] : [0, 0, 0]);
      if (trained) continue;
      expect(prepared.fitted[0]!.becomes).toBe('one-hot: 3 categories, 1 of them in no training row and therefore all zeros');
      return;
    }
    expect.unreachable();
  });

  it('leaves out rows without a target and says so', () => {
    const data = table('x,y\n1,a\n2,\n3,b\n4,?\n5,a\n');
    const { parts, notices } = prepareData(data, configFor(data, 'y', {}, trainOnly));
    expect([...parts.train]).toEqual([0, 2, 4]);
    expect(notices.map((notice) => notice.message)).toEqual(['2 of 5 rows are left out because the target "y" has no value there.']);
  });

  it('keeps a constant column silent, also where only other rows differ', () => {
    const data = table('k,x,y\n4,1,a\n4,2,b\n4,3,a\n', {});
    const prepared = prepareData(data, configFor(data, 'y', {}, trainOnly));
    expect(features(prepared).map((row) => row[0])).toEqual([0, 0, 0]);
    expect(prepared.fitted[0]!.becomes).toBe('constant: always 0');
    expect(prepared.notices.map((notice) => notice.code)).toEqual(['prepare.constant']);
  });

  it('survives a column of gaps, in the file and in the training part', () => {
    const data = table('g,x,y\n,1,a\n,2,b\n,3,a\n');
    const prepared = prepareData(data, configFor(data, 'y', {}, trainOnly));
    expect(prepared.fitted[0]).toEqual({ column: 'g', becomes: 'not used: no values', features: 0 });
    const late = table(`g,x,y\n${',1,a\n,2,b\n'.repeat(10)}7,3,a\n`);
    for (let seed = 1; seed < 50; seed++) {
      const result = prepareData(
        late,
        configFor(late, 'y', {}, { split: { train: 0.5, validation: 0.5, test: 0, seed, stratify: false } }),
      );
      if (result.parts.train.includes(20)) continue;
      expect(result.notices.map((notice) => notice.code)).toEqual(['prepare.allGaps']);
      expect(features(result)[20]![0]).toBe(0);
      expect(features(result)[0]![0]).toBe(0);
      return;
    }
    expect.unreachable();
  });

  it('scales a number target and remembers how', () => {
    const data = table('x,price (€)\n1,100\n2,300\n3,500\n', {});
    const prepared = prepareData(data, configFor(data, 'price (€)', {}, trainOnly));
    expect(prepared).toMatchObject({ task: 'regression', targetScale: { shift: 300, scale: Math.sqrt(80000 / 3), unit: '€' } });
    expect([...prepared.target.values].map((value) => Math.round(value * 1e4) / 1e4)).toEqual([-1.2247, 0, 1.2247]);
    expect(prepared.target.role).toMatchObject({ task: 'regression', unit: '€', description: 'number in €, standardised for training' });
  });

  it('leaves images as bytes with their scaling beside them', () => {
    const data = images(10, 8);
    const prepared = prepareData(data, configFor(data, 'label'));
    expect(prepared.inputs).toHaveLength(1);
    expect(prepared.inputs[0]).toMatchObject({
      dtype: 'u8',
      rowShape: [1, 2, 2],
      affine: { multiply: 1 / 255, add: 0 },
      role: { name: 'image', description: '1 × 2 × 2, scaled 0–1' },
    });
    expect(prepared.inputs[0]!.values).toBe(data.columns[0]!.values);
    expect([...prepared.parts.test]).toEqual([8, 9]);
    const standardised = prepareData(data, configFor(data, 'label', { image: { scaling: 'standardise' } }));
    const { multiply, add } = standardised.inputs[0]!.affine!;
    const pixels = [...standardised.parts.train].flatMap((row) => [...(data.columns[0]!.values as Uint8Array).slice(4 * row, 4 * row + 4)]);
    const scaled = pixels.map((pixel) => pixel * multiply + add);
    expect(scaled.reduce((a, b) => a + b) / scaled.length).toBeCloseTo(0, 6);
    expect(scaled.reduce((a, b) => a + b * b, 0) / scaled.length).toBeCloseTo(1, 6);
  });

  it('takes vectors as they are and leaves out the column that names the part', () => {
    const columns: Column[] = [
      {
        info: { name: 'words', type: 'vector', missing: 0, vectorSize: 2 },
        type: 'vector',
        values: Float32Array.of(1, 0, 0, 1, 1, 1, 0, 0),
      },
      {
        info: { name: 'part', type: 'category', missing: 0, categories: ['train', 'test'] },
        type: 'category',
        values: Int32Array.of(0, 1, 0, 1),
      },
      { info: { name: 'y', type: 'category', missing: 0, categories: ['a', 'b'] }, type: 'category', values: Int32Array.of(0, 1, 0, 1) },
    ];
    const data = table('x,y\n1,a\n2,b\n');
    const info = { ...data.info, rowCount: 4, columns: columns.map((column) => column.info), partColumn: 'part', defaultTarget: 'y' };
    const prepared = prepareData({ info, columns }, configFor({ info, columns }, 'y', {}, trainOnly));
    expect(features(prepared)).toEqual([
      [1, 0],
      [0, 1],
      [1, 1],
      [0, 0],
    ]);
    expect(prepared.fitted).toEqual([
      { column: 'words', becomes: '2 numbers as they are', features: 2 },
      { column: 'part', becomes: 'not used: says which part a row is in', features: 0 },
    ]);
    expect(() => prepareData({ info, columns }, configFor({ info, columns }, 'words', {}, { task: { type: 'classification' } }))).toThrow(
      'expected numbers or categories, got vectors',
    );
  });

  it('says when a part stays empty', () => {
    const data = table('x,y\n1,a\n2,b\n', {});
    expect(prepareData(data, configFor(data, 'y')).notices.map((notice) => notice.message)).toEqual([
      'The validation part is empty: 2 rows are too few for a share of 0.15.',
      'The test part is empty: 2 rows are too few for a share of 0.15.',
    ]);
  });

  it('does not take a part for empty by mistake where a column deals the rows', () => {
    const data = table('x,y,part\n1,a,train\n2,b,train\n3,a,test\n', {});
    const config = configFor(data, 'y');
    const dealt = { ...config, split: { ...config.split, column: 'part' } };
    expect(describeRoles(data, dealt)).toMatchObject({ parts: { train: 2, validation: 0, test: 1 }, problems: [], notices: [] });
    const few = table('x,y\n1,a\n2,b\n', {});
    expect(describeRoles(few, configFor(few, 'y'))).toMatchObject({
      problems: [],
      notices: [{ code: 'split.emptyPart' }, { code: 'split.emptyPart' }],
    });
  });

  it.each([
    ['an unknown target', 'x,y\n1,a\n2,b\n', { target: 'z' }, 'has no column "z"'],
    [
      'a text target',
      `t,y\n${Array.from({ length: 50 }, (_, i) => `w${i},${i}`).join('\n')}\n`,
      { target: 't' },
      'cannot be predicted: expected numbers or categories, got free text',
    ],
    ['a target without values', 'x,y\n1,\n2,\n', { target: 'y' }, 'none of its 2 rows has a value'],
    ['a target of one class', 'x,y\n1,a\n2,a\n', { target: 'y' }, 'expected at least two different values, every row has "a"'],
    ['a constant number target', 'x,y\n1,5\n2,5\n', { target: 'y' }, 'every row has "5"'],
    [
      'no input column',
      'x,y\n1,a\n2,b\n',
      { columns: { x: { use: false, gaps: 'mean', scaling: 'none' } } },
      'has no column left to learn from',
    ],
    ['an unknown column', 'x,y\n1,a\n2,b\n', { columns: { q: { use: true, gaps: 'mean', scaling: 'none' } } }, 'has no column "q"'],
    [
      'the mean of categories',
      'c,y\nu,a\nv,b\n',
      { columns: { c: { use: true, gaps: 'mean', scaling: 'none' } } },
      'filled with mostFrequent or ownCategory, got mean',
    ],
  ] as const)('refuses %s, and describeRoles reports it', (_, text, change, sentence) => {
    const data = table(text);
    const base = defaultRunConfig(data.info, { network: 'n', target: 'y' });
    const config = { ...base, preparation: { ...base.preparation, ...change } };
    expect(() => prepareData(data, config)).toThrow(sentence);
    const described = describeRoles(data, config);
    expect(described.roles).toEqual([]);
    expect(described.problems[0]!.message).toContain(sentence);
  });

  it('predicts 2 to 500 classes', () => {
    for (const classes of [2, 500]) {
      const data = table(`x,y\n${Array.from({ length: 3 * classes }, (_, i) => `${i % 7},k${i % classes}`).join('\n')}\n`);
      const prepared = prepareData(data, configFor(data, 'y'));
      expect(prepared.target.role.classNames).toHaveLength(classes);
    }
  });
});

describe('roles', () => {
  it('are the same before and after fitting', () => {
    for (const [data, target] of [
      [table('x,c,d,y\n1,red,,a\n3,blue,q,b\n,red,r,a\n5,,q,b\n'), 'y'],
      [table('x,c,y (m)\n1,u,2\n2,v,3.5\n3,u,9\n'), 'y (m)'],
      [images(10, 8), 'label'],
    ] as const) {
      const config = configFor(data, target);
      const { inputs, target: prepared } = prepareData(data, config);
      expect(rolesOf(data.info, config)).toEqual([...inputs.map((input) => input.role), prepared.role]);
      const described = describeRoles(data, config);
      expect(described.roles).toEqual(rolesOf(data.info, config));
      expect(described.parts.train + described.parts.validation + described.parts.test).toBe(data.info.rowCount);
    }
  });
});
