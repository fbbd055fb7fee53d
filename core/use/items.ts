/** Items, rows of the data set or what a person types or draws, into a network, and its answers as people read them. */
import type { DataRole } from '../data/dataSet.ts';
import { columnOf } from '../data/inputs.ts';
import { elementCount } from '../ops/shapes.ts';
import { raise } from '../problem.ts';
import type { ImageSheet, UseAnswer, UseField, UseItem, UseRow } from './answers.ts';
import { cellOf, decodeFields, encodeFields, imageColumnOf, readFields, valuesOfRow, type FieldValue } from './fields.ts';
import { likeliest } from './forecast.ts';
import type { GivenInputs, Predictor } from './predict.ts';
import { pairOf } from './text.ts';
import { storedInput, toBytes, type InputValues, type Trained } from './trained.ts';

type ImageShape = readonly [number, number, number];

export interface ItemReader {
  readonly fields: readonly UseField[];
  /** Where an image goes in. */
  readonly image?: ImageShape;
  /** False where only rows of the data set can go in. */
  readonly typed: boolean;
  /** @throws ProblemError for an item that does not fit */
  encode(item: UseItem): GivenInputs;
  row(row: number): UseRow;
  answer(item: UseItem, given: GivenInputs, values: Float32Array): UseAnswer;
}

const typedTasks: ReadonlySet<string> = new Set(['classification', 'regression', 'multiLabel', 'autoencoding']);

export function createItemReader(trained: Trained): ItemReader {
  const { dataSet, data, config, inputs, network } = trained;
  const { task } = config;
  const reads = (name: string) => inputs.some(({ role }) => role.name === name);
  const isTyped = typedTasks.has(task.type);
  const own = isTyped && reads('features') ? readFields(trained) : [];
  const image = isTyped && reads('image') ? imageColumnOf(dataSet) : undefined;
  const shape = image?.info.imageShape;
  const typed = isTyped && inputs.every(({ role: { name } }) => name === 'image' || (name === 'features' && own.length > 0));
  const imageRole = data.inputs.find(({ role }) => role.name === 'image');
  const { rowCount } = dataSet.info;

  function checkRow(row: number): number {
    const last = lastRow();
    if (Number.isInteger(row) && row >= 0 && row <= last) return row;
    return raise({ code: 'use.row', message: `The data set ${dataSet.info.id} has rows 0 to ${last} for this network, got ${row}.` });
  }

  /** Windows begin where they fit whole. */
  function lastRow(): number {
    const longest = Math.max(1, ...inputs.map(({ reading }) => (reading?.kind === 'window' ? reading.offset + reading.length : 1)));
    return rowCount - longest;
  }

  function encodeImage(bytes: Uint8Array | undefined): Float32Array {
    const size = elementCount(shape ?? [0]);
    if (bytes?.length !== size) {
      const expected = `${(shape ?? []).join(' × ')} bytes (channels × height × width)`;
      raise({
        code: 'use.image',
        message: `The network reads an image: expected ${expected}, got ${bytes === undefined ? 'none' : bytes.length}.`,
      });
    }
    const { multiply, add } = imageRole?.affine ?? { multiply: 1, add: 0 };
    return Float32Array.from(bytes, (value) => value * multiply + add);
  }

  function sheet(bytes: Uint8Array): ImageSheet {
    return { shape: shape ?? [1, 1, bytes.length], count: 1, bytes };
  }

  function truthOf(item: UseItem): number | null {
    return 'row' in item ? item.row : null;
  }

  function answerValues(given: GivenInputs, values: Float32Array): UseAnswer {
    const original = [...given.values()][0] as InputValues;
    const error = values.reduce((sum, value, i) => sum + (value - original[i]!) ** 2, 0) / Math.max(1, values.length);
    if (shape !== undefined) {
      const affine = imageRole?.affine;
      return { kind: 'values', error, image: { original: sheet(toBytes(original, affine)), output: sheet(toBytes(values, affine)) } };
    }
    const [was, is] = [decodeFields(own, original as Float32Array), decodeFields(own, values)];
    return { kind: 'values', error, fields: own.map(({ field: { name } }) => ({ name, original: was[name]!, output: is[name]! })) };
  }

  return {
    fields: own.map(({ field }) => field),
    ...(shape === undefined ? {} : { image: shape }),
    typed,
    encode(item) {
      if ('row' in item) {
        const row = checkRow(item.row);
        return new Map(inputs.map((role) => [role.role.name, storedInput(trained, role, row)]));
      }
      if (!typed) {
        raise({
          code: 'use.rowsOnly',
          message: `A network of the task ${task.type} reads rows of its data set: expected a row, got values.`,
          hint: 'Choose a row.',
        });
      }
      return new Map(
        inputs.map(({ role }) => [role.name, role.name === 'image' ? encodeImage(item.image) : encodeFields(own, item.values ?? {})]),
      );
    },
    row(row) {
      checkRow(row);
      const target = dataSet.info.columns.some(({ name }) => name === config.preparation.target)
        ? columnOf(dataSet, config.preparation.target)
        : undefined;
      const size = elementCount(shape ?? [0]);
      return {
        row,
        values: { ...valuesOfRow(own, row), ...textOf(trained, row) },
        ...(image === undefined ? {} : { image: sheet(image.values.slice(row * size, (row + 1) * size)) }),
        ...(target === undefined || target.type === 'image' ? {} : { truth: cellOf(target, row) }),
      };
    },
    answer(item, given, values) {
      const { role } = data.target;
      const row = truthOf(item);
      const names = role.classNames ?? [];
      const { rowShape } = network.data.target;
      switch (task.type) {
        case 'classification': {
          const truth = row === null ? null : cellOf(columnOf(dataSet, role.name), row);
          return {
            kind: 'classes',
            classNames: names,
            probabilities: [...values],
            predicted: names[likeliest(values)] ?? '',
            ...(truth === null ? {} : { truth: String(truth) }),
          };
        }
        case 'multiLabel': {
          const wanted =
            row === null ? undefined : [...data.target.values.subarray(row * (rowShape[0] ?? 1), (row + 1) * (rowShape[0] ?? 1))];
          return {
            kind: 'labels',
            names,
            probabilities: [...values],
            ...(wanted === undefined ? {} : { truth: wanted.map((value) => value === 1) }),
          };
        }
        case 'regression': {
          const { shift, scale, unit } = data.targetScale ?? { shift: 0, scale: 1 };
          const truth = row === null ? null : cellOf(columnOf(dataSet, role.name), row);
          return {
            kind: 'number',
            value: values[0]! * scale + shift,
            ...(unit === undefined ? {} : { unit }),
            ...(typeof truth === 'number' ? { truth } : {}),
          };
        }
        case 'sequenceLabelling':
        case 'nextToken':
          return answerSteps(role, names, values, row);
        case 'autoencoding':
          return answerValues(given, values);
        default:
          return raise({ code: 'use.task', message: `A run of the task ${task.type} is not asked for single items.` });
      }
    },
  };

  function answerSteps({ shape: target }: DataRole, names: readonly string[], values: Float32Array, row: number | null): UseAnswer {
    const steps = target[1]?.size ?? 1;
    const each = Array.from({ length: steps }, (_, t) => values.subarray(t * names.length, (t + 1) * names.length));
    const best = each.map(likeliest);
    const { reading } = data.target;
    const offset = reading?.kind === 'window' ? reading.offset : 0;
    const codes = row === null ? undefined : data.target.values.subarray(row + offset, row + offset + steps);
    return {
      kind: 'steps',
      classNames: names,
      predicted: best.map((code) => names[code] ?? ''),
      probabilities: best.map((code, t) => each[t]![code]!),
      ...(codes === undefined ? {} : { truth: Array.from(codes, (code) => names[code] ?? '') }),
    };
  }
}

export async function predictItems(predictor: Predictor, reader: ItemReader, items: readonly UseItem[]): Promise<UseAnswer[]> {
  const given = items.map((item) => reader.encode(item));
  const { values } = await predictor.predict(given);
  return items.map((item, i) => reader.answer(item, given[i]!, values.subarray(i * predictor.units, (i + 1) * predictor.units)));
}

/** What a sequence-to-sequence network reads of a row. */
function textOf(trained: Trained, row: number): Record<string, FieldValue> {
  if (trained.config.task.type !== 'sequenceToSequence') return {};
  const { name } = pairOf(trained).source;
  return { [name]: cellOf(columnOf(trained.dataSet, name), row) };
}
