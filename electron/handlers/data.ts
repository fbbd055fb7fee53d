/** Data sets: samples, imports, previews, what a network can be bound to. */
import * as v from 'valibot';
import { raise } from '../../core/problem.ts';
import { summariseColumn } from '../../core/data/summary.ts';
import { maxChunkBytes } from '../../core/exchange/frames.ts';
import { defaultRunConfig } from '../../core/train/defaults.ts';
import type { RunConfig } from '../../core/train/runConfig.ts';
import { splitSchema, taskSchema } from '../../core/train/runConfigSchema.ts';
import type { Handlers } from '../contract/calls.ts';
import { previewRows, textStretch } from '../host/dataPreview.ts';
import type { HostParts } from '../host/host.ts';
import { identifier, name, text } from './schemas.ts';
import type { ArgsSchemas } from './schemas.ts';

type Names = Extract<keyof Handlers, `data.${string}`>;

/** One gibibyte: more than a table in memory can hold comfortably. */
const maxUploadBytes = 1024 * 1024 * 1024;
const maxPreviewRows = 1_000;
const maxPreviewCharacters = 50_000;

const byId = v.strictObject({ id: identifier });
const byUpload = v.strictObject({ upload: identifier });
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const scaling = v.picklist(['standardise', 'minMax', 'none']);

const split = splitSchema as v.GenericSchema<unknown, RunConfig['split']>;
const task = taskSchema as v.GenericSchema<unknown, RunConfig['task']>;
const preparation = v.strictObject({
  target: text,
  columns: v.record(
    v.string(),
    v.strictObject({ use: v.boolean(), gaps: v.picklist(['mean', 'median', 'mostFrequent', 'ownCategory']), scaling }),
  ),
  targetScaling: scaling,
});

export const dataSchemas: ArgsSchemas<Names> = {
  'data.list': v.strictObject({ deleted: v.exactOptional(v.boolean()) }),
  'data.get': byId,
  'data.preview': v.strictObject({ id: identifier, offset: count, count: v.pipe(count, v.maxValue(maxPreviewRows)) }),
  'data.text': v.strictObject({ id: identifier, offset: count, count: v.pipe(count, v.maxValue(maxPreviewCharacters)) }),
  'data.columnSummary': v.strictObject({ id: identifier, column: text }),
  'data.defaultConfig': v.strictObject({ id: identifier, network: text, target: v.exactOptional(text) }),
  'data.roles': v.strictObject({ id: identifier, preparation, split, task }),
  'data.upload': v.strictObject({
    fileName: v.pipe(v.string(), v.maxLength(1_000)),
    sizeBytes: v.pipe(count, v.maxValue(maxUploadBytes, `at most ${maxUploadBytes / 2 ** 20} MB`)),
  }),
  'data.uploadChunk': v.strictObject({
    upload: identifier,
    bytes: v.pipe(
      v.instance(Uint8Array),
      v.check((bytes) => bytes.length <= maxChunkBytes, `at most ${maxChunkBytes} bytes`),
    ),
  }),
  'data.inspectCsv': v.strictObject({ upload: identifier, hasHeader: v.exactOptional(v.boolean()) }),
  'data.importCsv': v.strictObject({
    upload: identifier,
    name,
    hasHeader: v.boolean(),
    target: text,
    types: v.record(v.string(), v.picklist(['number', 'category', 'text'])),
  }),
  'data.inspectText': byUpload,
  'data.importText': v.strictObject({ upload: identifier, name }),
  'data.cancelUpload': byUpload,
  'data.delete': byId,
  'data.restore': byId,
};

export function dataHandlers({ data, csv, emit }: HostParts): Pick<Handlers, Names> {
  const changed = (): void => emit('data.changed', {});
  return {
    'data.list': ({ deleted }) => data.list(deleted ?? false),
    'data.get': ({ id }) => data.get(id),
    'data.preview': async ({ id, offset, count: rows }) => previewRows(await data.load(data.get(id)), offset, rows),
    'data.text': async ({ id, offset, count: characters }) => textStretch(await data.load(data.get(id)), offset, characters),
    'data.columnSummary': async ({ id, column }) => {
      const dataSet = await data.load(data.get(id));
      const found = dataSet.columns.find(({ info }) => info.name === column);
      return summariseColumn(
        found ??
          raise({ code: 'data.noColumn', message: `“${dataSet.info.name}” has no column “${column}”.`, where: { kind: 'column', column } }),
      );
    },
    'data.defaultConfig': ({ id, network, target }) =>
      defaultRunConfig(data.get(id), { network, ...(target === undefined ? {} : { target }) }),
    'data.roles': ({ id, ...config }) => data.roles(id, config),
    'data.upload': ({ fileName, sizeBytes }) => csv.begin(fileName, sizeBytes),
    'data.uploadChunk': ({ upload, bytes }) => csv.append(upload, bytes),
    'data.inspectCsv': ({ upload, hasHeader }) => csv.inspect(upload, hasHeader),
    'data.importCsv': async (args) => {
      const info = await csv.import(args);
      changed();
      return info;
    },
    'data.inspectText': ({ upload }) => csv.inspectText(upload),
    'data.importText': async ({ upload, name: wanted }) => {
      const info = await csv.importText(upload, wanted);
      changed();
      return info;
    },
    'data.cancelUpload': async ({ upload }) => {
      await csv.cancel(upload);
      return null;
    },
    'data.delete': ({ id }) => {
      data.setDeleted(id, true);
      changed();
      return null;
    },
    'data.restore': ({ id }) => {
      data.setDeleted(id, false);
      changed();
      return null;
    },
  };
}
