/**
 * Parameters of kind `sizes`: whole numbers, one per axis, such as the height and width of a kernel. One number stands
 * for all axes; some take a word instead, such as the padding `same`.
 */
import type { ParamValue } from '../graph/document.ts';
import type { ParamSpec } from './defineLayer.ts';

export type SizesSpec = Extract<ParamSpec, { kind: 'sizes' }>;

/** As it stands in a document. */
export type Sizes = number | readonly number[] | string;

/** One number per axis; words stand for none. */
export function perAxis(sizes: Sizes, axes: number): number[] {
  if (typeof sizes === 'string') return Array.from({ length: axes }, () => 0);
  return Array.from({ length: axes }, (_, i) => (typeof sizes === 'number' ? sizes : (sizes[i] ?? sizes[0] ?? 0)));
}

/** `3×5`, and `3×3` for a 3 that stands for two axes; a word as it is. */
export function formatSizes(sizes: Sizes, axes: number): string {
  return typeof sizes === 'string' ? sizes : perAxis(sizes, axes).join('×');
}

/** `3`, or `3×5` where the axes differ: short, for the line under a node's name. */
export function shortSizes(sizes: Sizes): string {
  return typeof sizes === 'object' ? (collapse(sizes) === sizes ? sizes.join('×') : String(collapse(sizes))) : String(sizes);
}

export function isSizes(spec: SizesSpec, value: ParamValue): boolean {
  const fits = (size: unknown) => typeof size === 'number' && Number.isInteger(size) && size >= spec.min && size <= spec.max;
  if (typeof value === 'string') return spec.words?.some((word) => word.value === value) ?? false;
  return Array.isArray(value) ? value.length === spec.axes.length && value.every(fits) : fits(value);
}

/** What is typed into a field: `3`, `3 5`, `3×5`, or a word; undefined where it is none of these. */
export function readSizes(spec: SizesSpec, entry: string): Sizes | undefined {
  const text = entry.trim();
  const word = spec.words?.find(({ value, label }) => [value, label].some((name) => name.toLowerCase() === text.toLowerCase()));
  if (word !== undefined) return word.value;
  const numbers = text
    .split(/[\s,;×x*]+/i)
    .filter((part) => part !== '')
    .map(Number);
  const value = numbers.length === 1 ? numbers[0] : collapse(numbers);
  return value !== undefined && isSizes(spec, value) ? value : undefined;
}

/** Equal numbers as the one that stands for them. */
export function collapse(sizes: readonly number[]): number | readonly number[] {
  const [first] = sizes;
  return first !== undefined && sizes.length > 1 && sizes.every((size) => size === first) ? first : sizes;
}

/** In words, for messages. */
export function expectedSizes({ axes, min, max, words = [] }: SizesSpec): string {
  const range = `whole number${axes.length === 1 ? '' : 's'} from ${min} to ${max.toLocaleString('en-US')}`;
  const counts = axes.length === 1 ? `a ${range}` : `one or ${axes.length} ${range} (${axes.join(', ')})`;
  return [counts, ...words.map(({ value }) => `"${value}"`)].join(' or ');
}
