/** Reading what a person typed into a number field: the value, or the sentence that says what is expected. */
import { text } from '../text.ts';
import { formatNumber } from './format.ts';

export interface NumberRange {
  readonly integer: boolean;
  readonly min: number;
  readonly max: number;
}

/** Full precision, without thousands marks: what stands in the field while it is edited. */
export function writeNumber(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  return size < 1e-4 || size >= 1e15 ? value.toExponential().replace('e+', 'e') : String(value);
}

export function readNumber(entry: string, range: NumberRange): { value: number } | { error: string } {
  // 1,234.5 and 1 234.5 are read as written on screen.
  const plain = entry.trim().replace(/(?<=\d)[,\s](?=\d{3}(\D|$))/g, '');
  const value = plain === '' ? Number.NaN : Number(plain);
  const fits = Number.isFinite(value) && value >= range.min && value <= range.max && (!range.integer || Number.isInteger(value));
  if (fits) return { value };
  return {
    error: text.build.expected(
      range.integer ? text.build.wholeNumber : text.build.number,
      formatNumber(range.min),
      formatNumber(range.max),
      entry.trim(),
    ),
  };
}
