/** What follows from parameter specifications for settings that stand in no document: defaults, and what is shown. */
import type { ParamValue } from '../graph/document.ts';
import type { ParamSpec, ParamSpecs, ParamsOf } from './defineLayer.ts';

/** Every parameter at its default. */
export function defaultsOf<S extends ParamSpecs>(specs: S): ParamsOf<S> {
  return Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, spec.default])) as ParamsOf<S>;
}

/** Whether a parameter says anything, given the others' values. */
export function isShown(spec: ParamSpec, values: Readonly<Record<string, unknown>>): boolean {
  return spec.onlyWith === undefined || spec.onlyWith.values.includes(values[spec.onlyWith.param] as ParamValue);
}
