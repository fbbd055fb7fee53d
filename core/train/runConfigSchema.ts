/**
 * Checks a run config that comes from a file, another process or a person and names what is wrong and where;
 * changes one setting by its path (`--set optimizer.learningRate=0.01`); lists what differs between two.
 */
import * as v from 'valibot';
import { augmentationSpecs } from '../augmentation/index.ts';
import { setAugmentation } from '../augmentation/setAugmentation.ts';
import type { DataSetInfo, Task } from '../data/dataSet.ts';
import { tasks } from '../tasks/index.ts';
import { losses } from '../losses/index.ts';
import { raise } from '../problem.ts';
import type { Problem } from '../problem.ts';
import { optimizers } from '../optimizers/index.ts';
import { schedules } from '../schedules/index.ts';
import { controlSpecs } from './controlSpecs.ts';
import { changeTarget, changeTask, defaultControls } from './defaults.ts';
import { runConfigVersion } from './runConfig.ts';
import type { RunConfig } from './runConfig.ts';
import { groupSchema, sparseGroupSchema, variantSchema } from './specSchema.ts';
import { upgradeRunConfig } from './upgradeRunConfig.ts';

const text = (expected: string) => v.pipe(v.string(expected), v.minLength(1, expected), v.maxLength(500, 'at most 500 characters'));
const numberIn = (expected: string, min: number, max: number) =>
  v.pipe(
    v.number(expected),
    v.check((value) => value >= min && value <= max, expected),
  );
const integerIn = (min: number, max: number) => {
  const expected = `a whole number from ${min} to ${max === Number.MAX_SAFE_INTEGER ? '2^53 − 1' : max}`;
  return v.pipe(v.number(expected), v.integer(expected), v.minValue(min, expected), v.maxValue(max, expected));
};
const oneOf = <const T extends readonly string[]>(options: T) => v.picklist(options, `one of ${options.join(', ')}`);
const flag = v.boolean('true or false');

const seed = integerIn(0, Number.MAX_SAFE_INTEGER);
const share = numberIn('a share from 0 to 1', 0, 1);
const scaling = oneOf(['standardise', 'minMax', 'none']);
const columnPreparation = v.strictObject({ use: flag, gaps: oneOf(['mean', 'median', 'mostFrequent', 'ownCategory']), scaling });

const named = v.strictObject({ name: text('a name'), hash: v.optional(text('a content hash')) });

export const splitSchema = v.strictObject({
  train: share,
  validation: share,
  test: share,
  seed,
  stratify: flag,
  column: v.exactOptional(text('a column')),
});

export const taskSchema = variantSchema('type', tasks);
export const optimizerSchema = variantSchema('type', optimizers);

export const runConfigSchema = v.strictObject({
  version: v.literal(runConfigVersion, String(runConfigVersion)),
  network: named,
  data: v.strictObject({ id: text('a data set'), hash: v.optional(text('a content hash')) }),
  split: splitSchema,
  preparation: v.strictObject({ target: text('a column'), columns: v.record(v.string(), columnPreparation), targetScaling: scaling }),
  task: taskSchema,
  loss: variantSchema('type', losses),
  optimizer: optimizerSchema,
  schedule: v.optional(variantSchema('kind', schedules), () => ({ ...defaultControls.schedule })),
  controls: v.optional(groupSchema(controlSpecs), () => ({ ...defaultControls.controls })),
  augmentation: v.exactOptional(sparseGroupSchema(augmentationSpecs)),
  layerRates: v.optional(v.record(v.string(), numberIn('a number from 0 to 1000', 0, 1000)), () => ({})),
  epochs: integerIn(1, 1_000_000),
  batchSize: integerIn(1, 65_536),
  engine: v.strictObject({ kind: oneOf(['auto', 'reference', 'wasm', 'native', 'webgpu']), threads: integerIn(1, 256) }),
  seed,
});

/** @throws ProblemError naming the first wrong path, what is expected there and what stands there */
export function parseRunConfig(json: unknown): RunConfig {
  const version = typeof json === 'object' && json !== null ? (json as { version?: unknown }).version : undefined;
  if (typeof version === 'number' && version > runConfigVersion) {
    raise({
      code: 'config.newerVersion',
      message: `This run config has version ${version}, this Layerbench reads up to ${runConfigVersion}.`,
      where: { kind: 'config', path: 'version' },
      hint: 'Open it with a newer Layerbench.',
    });
  }
  const current = upgradeRunConfig(json);
  const result = v.safeParse(runConfigSchema, current);
  if (result.success) return result.output as RunConfig;
  raise(describeIssue(result.issues[0], current));
}

function describeIssue(issue: v.BaseIssue<unknown>, json: unknown): Problem {
  const path = v.getDotPath(issue) ?? '';
  const where = { kind: 'config', path } as const;
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    return { code: 'config.unknownKey', message: `Run config: there is no setting "${path}".`, where, hint: nearby(path, json) };
  }
  if (path === '') return { code: 'config.notObject', message: `Run config: expected a JSON object, got ${show(json)}.`, where };
  const missing = issue.input === undefined;
  const expected =
    issue.type === 'strict_object' ? (missing ? 'a value' : 'an object') : issue.type === 'record' ? 'an object' : issue.message;
  return {
    code: missing ? 'config.missing' : 'config.value',
    message: `Run config, ${path}: expected ${expected}, got ${missing ? 'nothing' : show(issue.input)}.`,
    where,
  };
}

/** What stands beside a key that does not exist. */
function nearby(path: string, json: unknown): string {
  const parts = path.split('.').slice(0, -1);
  const schemaKeys = parts.length === 0 ? Object.keys(runConfigSchema.entries) : keysAt(parts, json);
  return `Settings there: ${schemaKeys.join(', ')}.`;
}

function keysAt(parts: readonly string[], json: unknown): string[] {
  let schema: unknown = runConfigSchema;
  let value: unknown = json;
  for (const part of parts) {
    value = (value as Record<string, unknown> | undefined)?.[part];
    schema = (schema as { entries?: Record<string, unknown>; value?: unknown }).entries?.[part] ?? (schema as { value?: unknown }).value;
    if (
      (schema as { type?: string } | undefined)?.type === 'optional' ||
      (schema as { type?: string } | undefined)?.type === 'exact_optional'
    )
      schema = (schema as { wrapped: unknown }).wrapped;
    if ((schema as { type?: string } | undefined)?.type === 'variant') {
      const { key, options } = schema as { key: string; options: readonly { entries: Record<string, { literal?: unknown }> }[] };
      const wanted = (value as Record<string, unknown> | undefined)?.[key];
      schema = options.find((option) => option.entries[key]?.literal === wanted);
    }
  }
  return Object.keys((schema as { entries?: Record<string, unknown> } | undefined)?.entries ?? {});
}

function show(value: unknown): string {
  const json = JSON.stringify(value) ?? String(value);
  return json.length > 80 ? `${json.slice(0, 77)}...` : json;
}

export interface ConfigDifference {
  /** `optimizer.learningRate` */
  readonly path: string;
  /** Absent on the side that has no such setting. */
  readonly left: unknown;
  readonly right: unknown;
}

/** A choice with settings of its own: `loss=mae` is short for `loss.type=mae`. */
const choices: Readonly<Record<string, string>> = {
  task: 'task.type',
  loss: 'loss.type',
  optimizer: 'optimizer.type',
  schedule: 'schedule.kind',
};

/**
 * @param text the value as typed; read as the kind of value that stands there now
 * @param info where given, a new target brings its task, loss and columns along
 */
export function setConfigPath(config: RunConfig, path: string, text: string, info?: DataSetInfo): RunConfig {
  const choice = choices[path];
  if (choice !== undefined) return setConfigPath(config, choice, text, info);
  const [group = '', key = ''] = path.split('.');
  // Another loss, optimizer or schedule starts with its defaults.
  if (path === 'task.type' && Object.hasOwn(tasks, text)) return parseRunConfig(changeTask(config, text as Task));
  if (choices[group] === path) return parseRunConfig({ ...config, [group]: { [key]: text } });
  if (path.startsWith(layerPrefix)) {
    const layerRates = { ...config.layerRates, [path.slice(layerPrefix.length)]: readValue(1, text, path) };
    return parseRunConfig({ ...config, layerRates });
  }
  if (group === 'augmentation' && Object.hasOwn(augmentationSpecs, key))
    return parseRunConfig(withAugmentation(config, key, readValue(0, text, path) as number));
  const keys = splitPath(config, path);
  const current = valueAt(config, keys, path);
  const value = readValue(current, text, path);
  if (path === 'preparation.target' && info !== undefined) return parseRunConfig(changeTarget(config, info, value as string));
  return parseRunConfig(replaceAt(config, keys, value));
}

/** Where nothing is on, the config has no such group. */
function withAugmentation({ augmentation, ...config }: RunConfig, name: string, strength: number): unknown {
  const after = setAugmentation(augmentation, name, strength);
  return Object.keys(after).length === 0 ? config : { ...config, augmentation: after };
}

/** Layers are named as they are met: a new key is no mistake here. */
const layerPrefix = 'layerRates.';

/** A column's name may contain dots: under `preparation.columns` everything up to the last part is the name. */
function splitPath(config: RunConfig, path: string): string[] {
  const prefix = 'preparation.columns.';
  if (!path.startsWith(prefix)) return path.split('.');
  const rest = path.slice(prefix.length);
  const lastDot = rest.lastIndexOf('.');
  const columns = config.preparation.columns;
  if (lastDot < 0 || columns[rest] !== undefined) return ['preparation', 'columns', rest];
  return ['preparation', 'columns', rest.slice(0, lastDot), rest.slice(lastDot + 1)];
}

function valueAt(config: RunConfig, keys: readonly string[], path: string): unknown {
  let value: unknown = config;
  keys.forEach((key, depth) => {
    const here = isObject(value) && Object.hasOwn(value, key);
    if (!here) {
      const settings = isObject(value) ? Object.keys(value) : [];
      raise({
        code: 'config.unknownKey',
        message: `There is no setting "${path}".`,
        where: { kind: 'config', path },
        hint:
          settings.length === 0
            ? `"${keys.slice(0, depth).join('.')}" is a single value.`
            : `${depth === 0 ? 'Settings' : `Under ${keys.slice(0, depth).join('.')}`}: ${settings.join(', ')}.`,
      });
    }
    value = (value as Record<string, unknown>)[key];
  });
  return value;
}

function readValue(current: unknown, text: string, path: string): unknown {
  const refuse = (expected: string): never =>
    raise({ code: 'config.value', message: `${path}: expected ${expected}, got "${text}".`, where: { kind: 'config', path } });
  if (typeof current === 'number') {
    const value = text.trim() === '' ? NaN : Number(text);
    return Number.isFinite(value) ? value : refuse('a number');
  }
  if (typeof current === 'boolean') return text === 'true' ? true : text === 'false' ? false : refuse('true or false');
  if (typeof current === 'string') return text;
  return refuse(
    `one of the settings below it (${Object.keys(current as object)
      .map((key) => `${path}.${key}`)
      .slice(0, 8)
      .join(', ')})`,
  );
}

function replaceAt(value: unknown, keys: readonly string[], replacement: unknown): unknown {
  const [key, ...rest] = keys;
  if (key === undefined) return replacement;
  const object = value as Record<string, unknown>;
  return { ...object, [key]: replaceAt(object[key], rest, replacement) };
}

/** Every setting that differs, in the order of the config; hashes of the same name count too. */
export function diffConfigs(left: RunConfig, right: RunConfig): ConfigDifference[] {
  const differences: ConfigDifference[] = [];
  collect(left, right, '', differences);
  return differences;
}

function collect(left: unknown, right: unknown, path: string, differences: ConfigDifference[]): void {
  if (isObject(left) || isObject(right)) {
    const keys = new Set([...Object.keys(isObject(left) ? left : {}), ...Object.keys(isObject(right) ? right : {})]);
    for (const key of keys) {
      collect(
        isObject(left) ? left[key] : undefined,
        isObject(right) ? right[key] : undefined,
        path === '' ? key : `${path}.${key}`,
        differences,
      );
    }
  } else if (left !== right) differences.push({ path, left, right });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
