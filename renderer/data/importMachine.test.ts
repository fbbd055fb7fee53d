import { describe, expect, it } from 'vitest';
import type { CsvInspection } from '../../electron/contract/calls.ts';
import type { Problem } from '../../core/problem.ts';
import { idle, nameOfFile, step, typeOf, whyNotImport, withType, type ImportEvent, type ImportState } from './importMachine.ts';

const inspection: CsvInspection = {
  upload: 'u1',
  fileName: 'houses.csv',
  sizeBytes: 100,
  delimiter: ',',
  hasHeader: true,
  rowCount: 50,
  columns: [
    { name: 'area', type: 'number', missing: 0 },
    { name: 'street', type: 'text', missing: 0 },
    { name: 'price', type: 'number', missing: 0 },
  ],
  rows: [],
  suggestedTarget: 'price',
};
const problem: Problem = { code: 'csv.raggedRow', message: 'Line 7 has 2 fields, expected 3.' };
const walk = (events: ImportEvent[], from: ImportState = idle): ImportState => events.reduce(step, from);
const toReady: ImportEvent[] = [
  { type: 'chosen', fileName: 'houses.csv', sizeBytes: 100 },
  { type: 'uploadOpened', upload: 'u1' },
  { type: 'sent', sentBytes: 100 },
  { type: 'uploaded' },
  { type: 'inspected', inspection },
];

describe('importing a file', () => {
  it('goes from the file to the data set', () => {
    const ready = walk(toReady);
    expect(ready).toMatchObject({ at: 'ready', choices: { name: 'houses', target: 'price', hasHeader: true, types: {} } });
    expect(walk([{ type: 'importStarted' }, { type: 'progress', done: 20, total: 50 }], ready)).toMatchObject({
      at: 'importing',
      done: 20,
    });
  });

  it('keeps name and target when the header is switched, if the target is still there', () => {
    const switched = walk([...toReady, { type: 'chose', change: { name: 'Houses', target: 'area' } }, { type: 'headerSwitched' }]);
    expect(switched.at).toBe('inspecting');
    expect(step(switched, { type: 'inspected', inspection })).toMatchObject({ at: 'ready', choices: { name: 'Houses', target: 'area' } });
    const other = {
      ...inspection,
      hasHeader: false,
      suggestedTarget: 'column 3',
      columns: [{ name: 'column 3', type: 'number' as const, missing: 0 }],
    };
    expect(step(switched, { type: 'inspected', inspection: other })).toMatchObject({
      choices: { name: 'Houses', target: 'column 3', hasHeader: false },
    });
  });

  it('goes back to the choices when the import fails, and ends when the upload does', () => {
    expect(walk([...toReady, { type: 'importStarted' }, { type: 'failed', problem }])).toMatchObject({ at: 'ready', problem });
    expect(walk([...toReady.slice(0, 2), { type: 'failed', problem }])).toEqual({ at: 'failed', fileName: 'houses.csv', problem });
  });

  it('ignores answers that come after a cancel', () => {
    expect(
      walk([
        ...toReady.slice(0, 3),
        { type: 'cancelled' },
        { type: 'uploaded' },
        { type: 'inspected', inspection },
        { type: 'failed', problem },
      ]),
    ).toEqual(idle);
  });

  it('goes by way of a text, and back to a table', () => {
    const text = {
      upload: 'u',
      fileName: 'tale.txt',
      sizeBytes: 9,
      characters: 9,
      alphabet: ['a', 'b'],
      start: 'ab',
      looksLikeTable: false,
    };
    const looked: ImportEvent[] = [...toReady.slice(0, 4), { type: 'inspectedText', inspection: text }];
    expect(walk(looked)).toMatchObject({ at: 'text', name: nameOfFile('houses.csv'), importing: false });
    const started = walk([...looked, { type: 'named', name: 'Tale' }, { type: 'importStarted' }]);
    expect(started).toMatchObject({ at: 'text', name: 'Tale', importing: true });
    expect(step(started, { type: 'failed', problem })).toMatchObject({ at: 'text', importing: false, problem });
    expect(walk([...looked, { type: 'readOtherwise' }, { type: 'inspected', inspection }])).toMatchObject({ at: 'ready', inspection });
    expect(walk([...toReady, { type: 'readOtherwise' }, { type: 'inspectedText', inspection: text }])).toMatchObject({ at: 'text' });
  });

  it('says why it cannot start', () => {
    const choices = { name: 'houses', hasHeader: true, target: 'price', types: {} };
    expect(whyNotImport(inspection, choices)).toBeUndefined();
    expect(whyNotImport(inspection, { ...choices, name: ' ' })).toMatch(/name/);
    expect(whyNotImport(inspection, { ...choices, target: 'street' })).toMatch(/free text/);
    expect(whyNotImport(inspection, { ...choices, target: 'gone' })).toMatch(/Choose the column/);
    expect(whyNotImport(inspection, { ...choices, types: { area: 'text' } })).toMatch(/No column is left/);
  });

  it('remembers only changed types', () => {
    const choices = {
      name: 'h',
      hasHeader: true,
      target: 'price',
      types: withType({ name: 'h', hasHeader: true, target: 'price', types: {} }, inspection.columns[0]!, 'category', 50),
    };
    expect(choices.types).toEqual({ area: 'category' });
    expect(typeOf(inspection.columns[0]!, choices, 50)).toBe('category');
    expect(withType(choices, inspection.columns[0]!, 'number', 50)).toEqual({});
    expect(nameOfFile('a.b.CSV')).toBe('a.b');
  });
});
