/**
 * A state of the time machine as a link inside the library: which network or run, which sample, moment and number, the
 * steps of training taken before, and what was changed by hand, in this step or, behind an @, in an earlier one:
 * `#learn=run.12&row=3&at=5&number=12.7&steps=2&edit=12.7:0.5@1&edit=4.1.2:0`; what stands before the # does not matter.
 */
import { raise } from '../../../../core/problem.ts';
import type { Edit } from '../../../../electron/contract/calls.ts';
import type { Choice } from '../machine.svelte.ts';

export interface MachineLink {
  readonly of: { readonly run: number } | { readonly network: string };
  readonly row: number;
  readonly at: number;
  readonly number?: Choice;
  /** Of the steps taken before this one, what was changed by hand in each. */
  readonly earlier: readonly (readonly Edit[])[];
  readonly edits: readonly Edit[];
}

const start = '#learn=';
const mostEdits = 200;
export const mostSteps = 1000;
const mostCharacters = 20_000;

export const isLink = (text: string): boolean => text.includes(start);

export function writeLink({ of, row, at, number, earlier, edits }: MachineLink): string {
  const source = 'run' in of ? `run.${of.run}` : `network.${encodeURIComponent(of.network)}`;
  const parts = [`${start}${source}`, `row=${row}`, `at=${at}`];
  if (number !== undefined) parts.push(`number=${number.value}.${number.element}`);
  if (earlier.length > 0) parts.push(`steps=${earlier.length}`);
  earlier.forEach((own, step) => parts.push(...own.map((edit) => `${writeEdit(edit)}@${step + 1}`)));
  parts.push(...edits.map(writeEdit));
  return parts.join('&');
}

function writeEdit({ value, at, to }: Edit): string {
  return `edit=${value}.${'element' in at ? at.element : `${at.axis}.${at.index}`}:${to}`;
}

/** @throws ProblemError with one sentence that says what is wrong with it */
export function readLink(text: string): MachineLink {
  const from = text.indexOf(start);
  if (from < 0 || text.length > mostCharacters) return bad('it does not lead to the time machine');
  const [source = '', ...rest] = text
    .slice(from + start.length)
    .trim()
    .split('&');
  const values = new Map<string, string[]>();
  for (const part of rest) {
    const [name = '', value = ''] = part.split('=');
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  const unknown = [...values.keys()].find((name) => !['row', 'at', 'number', 'steps', 'edit'].includes(name));
  if (unknown !== undefined) return bad(`it says “${unknown.slice(0, 40)}”, which nothing here is called`);
  const whole = (name: string): number => wholeNumber(values.get(name)?.[0] ?? '') ?? bad(`its “${name}” is not a whole number from 0 on`);
  const number = values.get('number')?.[0];
  const edits = values.get('edit') ?? [];
  if (edits.length > mostEdits) return bad(`it changes more than ${mostEdits} numbers`);
  const steps = values.has('steps') ? whole('steps') : 0;
  if (steps > mostSteps) return bad(`it takes more than ${mostSteps} steps of training`);
  /** What is changed in a step, counted from 1; 0 is the step that is looked at. */
  const changed = Array.from({ length: steps + 1 }, (): Edit[] => []);
  for (const text of edits) {
    const [edit = '', step = '0'] = text.split('@');
    (changed[wholeNumber(step) ?? -1] ?? bad('a change in it belongs to no step')).push(readEdit(edit));
  }
  return {
    of: readSource(source),
    row: whole('row'),
    at: whole('at'),
    ...(number === undefined ? {} : { number: readChoice(number) }),
    earlier: changed.slice(1),
    edits: changed[0]!,
  };
}

function bad(why: string): never {
  raise({
    code: 'link.bad',
    message: `This link cannot be opened: ${why}.`,
    hint: 'Copy it again in the time machine with “Copy link”.',
  });
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function readSource(text: string): MachineLink['of'] {
  const run = /^run\.(\d{1,15})$/.exec(text)?.[1];
  if (run !== undefined) return { run: Number(run) };
  const network = /^network\.([\w%.~-]{1,300})$/.exec(text)?.[1];
  if (network === undefined) return bad('it names neither a run nor a network');
  try {
    return { network: decodeURIComponent(network) };
  } catch {
    return bad('it names neither a run nor a network');
  }
}

function readChoice(text: string): Choice {
  const [value, element, ...more] = text.split('.').map(wholeNumber);
  if (value === undefined || element === undefined || more.length > 0) return bad('its “number” is not written value.element');
  return { value, element };
}

function readEdit(text: string): Edit {
  const [place = '', amount = ''] = text.split(':');
  const [value, ...at] = place.split('.').map(wholeNumber);
  const to = Number(amount);
  const [first, second, ...more] = at;
  if (value === undefined || first === undefined || more.length > 0 || amount === '' || !Number.isFinite(to))
    return bad('a change in it is no number');
  if (at.length === 1) return { value, at: { element: first }, to };
  return second === undefined ? bad('a change in it is no number') : { value, at: { axis: first, index: second }, to };
}
