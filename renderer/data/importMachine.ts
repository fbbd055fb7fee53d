/**
 * The stations of importing a CSV file, as pure steps: chosen → uploading → inspecting → ready → importing → done; a
 * running text goes by way of `text` instead of the last three.
 * Every station but the last can fail or be cancelled; a failure keeps the file's name and says the way out.
 */
import type { CsvInspection, TextInspection, UploadId } from '../../electron/contract/calls.ts';
import { targetType } from '../../core/data/columns.ts';
import type { ColumnInfo, DataSetInfo } from '../../core/data/dataSet.ts';
import type { Problem } from '../../core/problem.ts';

export type CsvType = 'number' | 'category' | 'text';

export interface ImportChoices {
  readonly name: string;
  readonly hasHeader: boolean;
  readonly target: string;
  /** Only columns whose detected type was changed. */
  readonly types: Readonly<Record<string, CsvType>>;
}

export type ImportState =
  | { readonly at: 'idle' }
  | {
      readonly at: 'uploading';
      readonly fileName: string;
      readonly sizeBytes: number;
      readonly sentBytes: number;
      readonly upload?: UploadId;
    }
  | {
      readonly at: 'inspecting';
      readonly fileName: string;
      readonly upload: UploadId;
      readonly previous?: { readonly inspection: CsvInspection; readonly choices: ImportChoices };
    }
  | {
      readonly at: 'ready';
      readonly fileName: string;
      readonly inspection: CsvInspection;
      readonly choices: ImportChoices;
      readonly problem?: Problem;
    }
  | {
      readonly at: 'importing';
      readonly fileName: string;
      readonly inspection: CsvInspection;
      readonly choices: ImportChoices;
      /** Bytes read. */
      readonly done: number;
      readonly total: number;
    }
  | {
      readonly at: 'text';
      readonly fileName: string;
      readonly inspection: TextInspection;
      readonly name: string;
      readonly importing: boolean;
      readonly problem?: Problem;
    }
  | { readonly at: 'done'; readonly info: DataSetInfo }
  | { readonly at: 'failed'; readonly fileName: string; readonly problem: Problem };

export type ImportEvent =
  | { readonly type: 'chosen'; readonly fileName: string; readonly sizeBytes: number }
  | { readonly type: 'uploadOpened'; readonly upload: UploadId }
  | { readonly type: 'sent'; readonly sentBytes: number }
  | { readonly type: 'uploaded' }
  | { readonly type: 'inspected'; readonly inspection: CsvInspection }
  | { readonly type: 'inspectedText'; readonly inspection: TextInspection }
  | { readonly type: 'named'; readonly name: string }
  /** Text or table: it is looked at again. */
  | { readonly type: 'readOtherwise' }
  | { readonly type: 'headerSwitched' }
  | { readonly type: 'chose'; readonly change: Partial<ImportChoices> }
  | { readonly type: 'importStarted' }
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  | { readonly type: 'imported'; readonly info: DataSetInfo }
  | { readonly type: 'failed'; readonly problem: Problem }
  | { readonly type: 'cancelled' };

export const idle: ImportState = { at: 'idle' };

/** Events that do not fit the station are ignored: answers may arrive after a cancel. */
export function step(state: ImportState, event: ImportEvent): ImportState {
  if (event.type === 'cancelled') return idle;
  if (event.type === 'chosen') return { at: 'uploading', fileName: event.fileName, sizeBytes: event.sizeBytes, sentBytes: 0 };
  if (event.type === 'failed') return fail(state, event.problem);
  switch (state.at) {
    case 'uploading':
      if (event.type === 'uploadOpened') return { ...state, upload: event.upload };
      if (event.type === 'sent') return { ...state, sentBytes: event.sentBytes };
      if (event.type === 'uploaded' && state.upload !== undefined)
        return { at: 'inspecting', fileName: state.fileName, upload: state.upload };
      return state;
    case 'inspecting':
      if (event.type === 'inspectedText')
        return { at: 'text', fileName: state.fileName, inspection: event.inspection, name: nameOfFile(state.fileName), importing: false };
      if (event.type === 'inspected')
        return {
          at: 'ready',
          fileName: state.fileName,
          inspection: event.inspection,
          choices: choicesFor(event.inspection, state.previous?.choices),
        };
      return state;
    case 'ready':
      if (event.type === 'readOtherwise') return { at: 'inspecting', fileName: state.fileName, upload: state.inspection.upload };
      if (event.type === 'chose') return { ...state, choices: { ...state.choices, ...event.change }, problem: undefined };
      if (event.type === 'headerSwitched')
        return {
          at: 'inspecting',
          fileName: state.fileName,
          upload: state.inspection.upload,
          previous: { inspection: state.inspection, choices: state.choices },
        };
      if (event.type === 'importStarted')
        return {
          at: 'importing',
          fileName: state.fileName,
          inspection: state.inspection,
          choices: state.choices,
          done: 0,
          total: state.inspection.sizeBytes,
        };
      return state;
    case 'text':
      if (event.type === 'named') return { ...state, name: event.name, problem: undefined };
      if (event.type === 'readOtherwise') return { at: 'inspecting', fileName: state.fileName, upload: state.inspection.upload };
      if (event.type === 'importStarted') return { ...state, importing: true, problem: undefined };
      if (event.type === 'imported' && state.importing) return { at: 'done', info: event.info };
      return state;
    case 'importing':
      if (event.type === 'progress') return { ...state, done: event.done, total: event.total };
      if (event.type === 'imported') return { at: 'done', info: event.info };
      return state;
    default:
      return state;
  }
}

/** A failed import goes back to the choices, so that a type or the target can be changed; everything earlier ends. */
function fail(state: ImportState, problem: Problem): ImportState {
  if (state.at === 'importing')
    return { at: 'ready', fileName: state.fileName, inspection: state.inspection, choices: state.choices, problem };
  if (state.at === 'text') return { ...state, importing: false, problem };
  if (state.at === 'inspecting' && state.previous !== undefined)
    return { at: 'ready', fileName: state.fileName, ...state.previous, problem };
  if (state.at === 'idle' || state.at === 'done') return state;
  return { at: 'failed', fileName: state.fileName, problem };
}

function choicesFor(inspection: CsvInspection, previous: ImportChoices | undefined): ImportChoices {
  const names = new Set(inspection.columns.map((column) => column.name));
  return {
    name: previous?.name ?? nameOfFile(inspection.fileName),
    hasHeader: inspection.hasHeader,
    target: previous !== undefined && names.has(previous.target) ? previous.target : inspection.suggestedTarget,
    types: {},
  };
}

/** `my data.CSV` → `my data` */
export function nameOfFile(fileName: string): string {
  return fileName.replace(/\.(csv|tsv|txt|data)$/i, '') || fileName;
}

/** The type a column is imported with: as chosen, else as detected, where a target of 0 and 1 counts as two classes. */
export function typeOf(column: ColumnInfo, choices: ImportChoices, rowCount: number): CsvType {
  const chosen = choices.types[column.name];
  if (chosen !== undefined) return chosen;
  const detected = column.name === choices.target ? targetType(column, rowCount) : column.type;
  return detected === 'number' || detected === 'category' ? detected : 'text';
}

/** Setting a column back to what was detected forgets the choice. */
export function withType(choices: ImportChoices, column: ColumnInfo, type: CsvType, rowCount: number): ImportChoices['types'] {
  const types = { ...choices.types };
  delete types[column.name];
  return typeOf(column, { ...choices, types }, rowCount) === type ? types : { ...types, [column.name]: type };
}

/** Why the import cannot start yet, in one sentence; undefined when it can. */
export function whyNotImport(inspection: CsvInspection, choices: ImportChoices): string | undefined {
  if (choices.name.trim() === '') return 'Give the data set a name.';
  const target = inspection.columns.find((column) => column.name === choices.target);
  if (target === undefined) return 'Choose the column to predict.';
  if (typeOf(target, choices, inspection.rowCount) === 'text')
    return `"${target.name}" is free text: predict another column, or set its type to category.`;
  if (inspection.columns.every((column) => column.name === choices.target || typeOf(column, choices, inspection.rowCount) === 'text'))
    return 'No column is left to predict from: set the type of at least one other column to number or category.';
  return undefined;
}
