/**
 * A state of the time machine as a link inside the library: which network or run, which sample, moment and number, and what
 * was changed by hand. `#learn=run.12&row=3&at=5&number=12.7&edit=12.7:0.5`; what stands before the # does not matter.
 */
import { raise } from '../../../../core/problem.ts';
import type { Edit } from '../../../../electron/contract/calls.ts';
import type { Choice } from '../machine.svelte.ts';

export interface MachineLink {
  readonly of: { readonly run: number } | { readonly network: string };
  readonly row: number;
  readonly at: number;
  readonly number?: Choice;
  readonly edits: readonly Edit[];
}

const start = '#learn=';
const mostEdits = 200;
const mostCharacters = 20_000;

export const isLink = (text: string): boolean => text.includes(start);

export function writeLink({ of, row, at, number, edits }: MachineLink): string {
  const source = 'run' in of ? `run.${of.run}` : `network.${encodeURIComponent(of.network)}`;
  const parts = [`${start}${source}`, `row=${row}`, `at=${at}`];
  if (number !== undefined) parts.push(`number=${number.value}.${number.element}`);
  for (const { value, at: place, to } of edits) {
    parts.push(`edit=${value}.${'element' in place ? place.element : `${place.axis}.${place.index}`}:${to}`);
  }
  return parts.join('&');
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
  const unknown = [...values.keys()].find((name) => !['row', 'at', 'number', 'edit'].includes(name));
  if (unknown !== undefined) return bad(`it says “${unknown.slice(0, 40)}”, which nothing here is called`);
  const whole = (name: string): number => wholeNumber(values.get(name)?.[0] ?? '') ?? bad(`its “${name}” is not a whole number from 0 on`);
  const number = values.get('number')?.[0];
  const edits = values.get('edit') ?? [];
  if (edits.length > mostEdits) return bad(`it changes more than ${mostEdits} numbers`);
  return {
    of: readSource(source),
    row: whole('row'),
    at: whole('at'),
    ...(number === undefined ? {} : { number: readChoice(number) }),
    edits: edits.map(readEdit),
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
