/** Schemas that follow from parameter specifications, so that a setting is declared once. A setting left out takes its default. */
import * as v from 'valibot';
import type { ParamValue } from '../graph/document.ts';
import type { ParamSpec, ParamSpecs } from '../layers/defineLayer.ts';
import { expectation } from '../layers/params.ts';

/** One object with a key per parameter. */
export function groupSchema(specs: ParamSpecs) {
  return v.strictObject(entriesOf(specs));
}

/** One object with a key per parameter, each of which may be absent. */
export function sparseGroupSchema(specs: ParamSpecs) {
  return v.strictObject(Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, v.exactOptional(entryOf(spec))])));
}

/** One of several objects told apart by the value of `key`, the names of the table. */
export function variantSchema(key: 'type' | 'kind', table: Readonly<Record<string, { readonly params: ParamSpecs }>>) {
  const options = Object.entries(table).map(([name, { params }]) => v.strictObject({ [key]: v.literal(name), ...entriesOf(params) }));
  return v.variant(key, options as never, `one of ${Object.keys(table).join(', ')}`) as unknown as v.GenericSchema<
    unknown,
    Record<string, unknown>
  >;
}

function entriesOf(specs: ParamSpecs) {
  return Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, v.optional(entryOf(spec), spec.default)]));
}

function entryOf(spec: ParamSpec) {
  return v.custom<string | number | boolean>(
    (value) => expectation(spec, value as ParamValue) === null,
    (issue) => expectation(spec, issue.input as ParamValue) ?? '',
  );
}
