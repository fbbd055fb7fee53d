/** Argument schemas shared by several areas. Documents and run configs have their own parsers in core, used here as checks. */
import * as v from 'valibot';
import { ProblemError } from '../../core/problem.ts';
import { parseDocument } from '../../core/graph/parseDocument.ts';
import type { NetworkDocument } from '../../core/graph/document.ts';
import { parseRunConfig } from '../../core/train/runConfigSchema.ts';
import type { RunConfig } from '../../core/train/runConfig.ts';
import type { CallArgs, CallName } from '../contract/calls.ts';

/** A schema whose output is exactly the call's arguments. */
export type ArgsSchema<K extends CallName> = v.GenericSchema<unknown, CallArgs<K>>;
export type ArgsSchemas<Names extends CallName> = { readonly [K in Names]: ArgsSchema<K> };

const maxTextLength = 10_000;
/** Exported networks pasted or dropped as JSON text. */
const maxJsonLength = 4 * 1024 * 1024;

export const noArgs = v.strictObject({});
export const text = v.pipe(v.string(), v.maxLength(maxTextLength));
export const name = v.pipe(v.string(), v.trim(), v.minLength(1, 'expected a name'), v.maxLength(200));
export const jsonText = v.pipe(v.string(), v.maxLength(maxJsonLength));
export const identifier = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
export const runId = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
export const runIds = v.pipe(v.array(runId), v.maxLength(100_000));

/** Turns a parser that raises Problems into a schema; its Problem reaches the reply unchanged. */
function parsed<T>(parse: (json: unknown) => T): v.GenericSchema<unknown, T> {
  return v.pipe(
    v.unknown(),
    v.rawTransform(({ dataset }) => parse(dataset.value)),
  );
}

export const networkDocument: v.GenericSchema<unknown, NetworkDocument> = parsed(parseDocument);
export const runConfig: v.GenericSchema<unknown, RunConfig> = parsed(parseRunConfig);

/** One sentence for the first thing that is wrong with a call's arguments. */
export function argumentProblem(call: string, issues: readonly v.BaseIssue<unknown>[]): ProblemError {
  const issue = issues[0];
  const place = issue?.path?.map((item) => String(item.key)).join('.') ?? '';
  const reason = issue === undefined ? 'not understood' : `expected ${issue.expected ?? issue.message}, got ${issue.received}`;
  return new ProblemError({
    code: 'call.arguments',
    message: `${call}${place === '' ? '' : ` ${place}`}: ${reason}.`,
  });
}
