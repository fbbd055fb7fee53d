/** A row being typed: which values stand in the form, what of them was changed, and what the network is then asked. */
import type { UseField, UseItem, UseRow } from '../../../electron/contract/calls.ts';

export type FieldValue = number | string | null;
export type FormValues = Readonly<Record<string, FieldValue>>;

export interface FormState {
  /** The row of the data set it began with; undefined for usual values. */
  readonly from?: UseRow;
  readonly values: FormValues;
  readonly edited: boolean;
}

export function startForm(fields: readonly UseField[], from?: UseRow): FormState {
  const values = Object.fromEntries(
    fields.map(({ name, usual }) => [name, from !== undefined && name in from.values ? (from.values[name] ?? null) : usual]),
  );
  return { ...(from !== undefined && { from }), values, edited: false };
}

export function setField(form: FormState, name: string, value: FieldValue): FormState {
  if (form.values[name] === value) return form;
  return { ...form, values: { ...form.values, [name]: value }, edited: true };
}

/** An untouched row goes in as the data set has it, so that its answer is that of the scores and its truth is known. */
export function itemOf(form: FormState): UseItem {
  return form.from !== undefined && !form.edited ? { row: form.from.row } : { values: form.values };
}

/** Where a number stands to what the data set has. */
export function isOutside({ range }: UseField, value: FieldValue): boolean {
  return typeof value === 'number' && range !== undefined && (value < range.min || value > range.max);
}
