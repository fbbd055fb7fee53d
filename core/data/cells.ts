/** What one cell of a text table means: a gap, a number, a date; and how a header names a unit. */

/** Besides the empty cell, in any case. */
export const missingTokens: readonly string[] = ['na', 'n/a', 'nan', 'null', '?'];

/** @param text already trimmed */
export function isMissing(text: string): boolean {
  if (text.length === 0) return true;
  return text.length <= 4 && missingTokens.includes(text.toLowerCase());
}

const numberWithDot = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
/** Thousands may be grouped with dots: 1.234.567,89 */
const numberWithComma = /^[+-]?(?:\d{1,3}(?:\.\d{3})+|\d*)(?:,\d*)?(?:[eE][+-]?\d+)?$/;
/** `007` is an identifier, not the number 7. */
const leadingZero = /^[+-]?0\d/;

/** NaN where the (trimmed) text is not a finite number. */
export function parseNumber(text: string, decimalComma: boolean): number {
  if (leadingZero.test(text)) return NaN;
  if (decimalComma) {
    if (numberWithComma.test(text) && /\d/.test(text)) return finite(Number(text.replaceAll('.', '').replace(',', '.')));
    return NaN;
  }
  return numberWithDot.test(text) ? finite(Number(text)) : NaN;
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : NaN;
}

const dateForms: readonly RegExp[] = [
  /^\d{4}-\d{1,2}-\d{1,2}(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/,
  /^\d{4}\/\d{1,2}\/\d{1,2}(?: \d{1,2}:\d{2}(?::\d{2})?)?$/,
  /^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}(?: \d{1,2}:\d{2}(?::\d{2})?(?: ?[AaPp][Mm])?)?$/,
];

export function isDate(text: string): boolean {
  return dateForms.some((form) => form.test(text));
}

/** `Body Mass (g)` and `mass [kg]` name a unit; `size (small)` names none we could tell apart, so it counts as one too. */
export function unitOf(columnName: string): string | undefined {
  const match = /\S\s*[([]\s*([^()[\]]{1,12})\s*[)\]]\s*$/.exec(columnName);
  return match?.[1]?.trim() || undefined;
}
