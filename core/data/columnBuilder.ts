/**
 * Builds one typed column from the cells of a text table in a single pass. It starts with the type the file's
 * beginning suggests; where a later cell refutes that, it says so (`refuted`) and the table is read once more.
 */
import { CellDictionary } from './cellDictionary.ts';
import { isDate, isMissing, parseNumber, unitOf } from './cells.ts';
import { maxCategories, maxCountedDistinct, textColumnType } from './columns.ts';
import type { ColumnInfo, TableColumn } from './dataSet.ts';
import { decodeTexts, GrowingFloats, GrowingIntegers, GrowingTexts } from './growing.ts';
import type { EncodedTexts } from './growing.ts';
import { decodeUtf8 } from './utf8.ts';
import { raise } from '../problem.ts';

/** What the user (or nobody) asked a column to be. */
export type WantedType = 'number' | 'category' | 'text' | undefined;

/** Distinct texts kept as codes; above it a column stores its cells one by one, as text. */
const maxCodes = 20_000;

/** 10^k for k up to 22 is exact in a double. */
const powersOfTen = Float64Array.from({ length: 23 }, (_, k) => Number(`1e${k}`));

export class ColumnBuilder {
  private readonly numbers: GrowingFloats;
  private codes: GrowingIntegers;
  private readonly dictionary = new CellDictionary();
  private texts: GrowingTexts | undefined;
  private mode: 'number' | 'codes' | 'text';
  private missing = 0;
  private readonly name: string;
  private readonly wanted: WantedType;
  private readonly decimalComma: boolean;
  private readonly expectedRows: number;
  /** Byte of the decimal sign. */
  private readonly point: number;
  /** A cell that is no number stands in a column that held numbers so far. */
  refuted = false;

  constructor(name: string, options: { startAs: 'number' | 'codes'; wanted: WantedType; decimalComma: boolean; expectedRows: number }) {
    this.name = name;
    this.wanted = options.wanted;
    this.decimalComma = options.decimalComma;
    this.point = options.decimalComma ? 44 : 46;
    this.mode = options.wanted === undefined ? options.startAs : options.wanted === 'number' ? 'number' : 'codes';
    this.expectedRows = options.expectedRows;
    this.numbers = new GrowingFloats(this.mode === 'number' ? options.expectedRows : 0);
    this.codes = new GrowingIntegers(this.mode === 'codes' ? options.expectedRows : 0);
  }

  /** Takes the cell that stands at bytes `from` to `to`, still with blanks around it. */
  append(bytes: Uint8Array, from: number, to: number): void {
    while (from < to && bytes[from]! <= 32) from++;
    while (from < to && bytes[to - 1]! <= 32) to--;
    if (this.mode === 'number') this.appendNumber(bytes, from, to);
    else if (this.mode === 'codes') this.appendCode(bytes, from, to);
    else this.appendText(bytes, from, to);
  }

  private appendNumber(bytes: Uint8Array, from: number, to: number): void {
    const value = this.readNumber(bytes, from, to);
    if (!Number.isNaN(value)) {
      this.numbers.push(value);
    } else if (from === to || this.wanted === 'number' || isMissing(decodeUtf8(bytes, from, to).trim())) {
      // Where the user insists on numbers, everything else is a gap.
      this.numbers.push(NaN);
      this.missing++;
    } else if (this.numbers.length === this.missing) {
      // Only gaps so far: nothing is lost by turning to text.
      for (let i = 0; i < this.missing; i++) this.codes.push(-1);
      this.mode = 'codes';
      this.appendCode(bytes, from, to);
    } else this.refuted = true;
  }

  /**
   * Plain decimals straight from the bytes: digits below 2^53 divided by a power of ten up to 10^22 round correctly
   * (Clinger, "How to read floating point numbers accurately", 1990). Everything else goes through the string.
   */
  private readNumber(bytes: Uint8Array, from: number, to: number): number {
    let i = from;
    const negative = bytes[i] === 45;
    if (negative) i++;
    const digitsFrom = i;
    let digits = 0;
    let pointAt = -1;
    for (; i < to; i++) {
      const digit = bytes[i]! - 48;
      if (digit >= 0 && digit <= 9) digits = digits * 10 + digit;
      else if (bytes[i] === this.point && pointAt < 0) pointAt = i;
      else return this.readUnusualNumber(bytes, from, to);
    }
    const count = to - digitsFrom - (pointAt < 0 ? 0 : 1);
    const leadingZero = bytes[digitsFrom] === 48 && to - digitsFrom > 1 && pointAt !== digitsFrom + 1;
    if (count === 0 || count > 15 || leadingZero) return this.readUnusualNumber(bytes, from, to);
    const value = pointAt < 0 ? digits : digits / powersOfTen[to - pointAt - 1]!;
    return negative ? -value : value;
  }

  private readUnusualNumber(bytes: Uint8Array, from: number, to: number): number {
    // No number form is longer; a long text need not be decoded to know that it is none.
    if (from === to || to - from > 400) return NaN;
    const text = decodeUtf8(bytes, from, to).trim();
    const value = parseNumber(text, this.decimalComma);
    return Number.isNaN(value) && this.decimalComma ? parseNumber(text, false) : value;
  }

  private appendCode(bytes: Uint8Array, from: number, to: number): void {
    const code = from === to ? -1 : this.dictionary.codeOf(bytes, from, to);
    if (code < 0) this.missing++;
    this.codes.push(code);
    const { length } = this.dictionary.texts;
    if (length > maxCategories && this.wanted === 'category') {
      raise({
        code: 'column.tooManyCategories',
        message: `Column "${this.name}": expected at most ${maxCategories} different values in a category column, got more.`,
        where: { kind: 'column', column: this.name },
        hint: 'Import it as number or text.',
      });
    }
    if (length > maxCodes) this.turnToText();
  }

  private turnToText(): void {
    this.texts = new GrowingTexts(this.expectedRows);
    for (const code of this.codes.finish()) this.texts.pushString(this.dictionary.texts[code] ?? '');
    this.codes = new GrowingIntegers(0);
    this.mode = 'text';
  }

  private appendText(bytes: Uint8Array, from: number, to: number): void {
    const gap = from === to || (to - from <= 4 && isMissing(decodeUtf8(bytes, from, to).trim()));
    if (gap) this.missing++;
    this.texts!.push(bytes, from, gap ? from : to);
  }

  finish(): TableColumn {
    if (this.mode === 'number') return this.finishNumbers();
    if (this.mode === 'text') return new EncodedTextColumn({ name: this.name, type: 'text', missing: this.missing }, this.texts!.finish());
    return this.finishCodes();
  }

  private finishNumbers(): TableColumn {
    const values = this.numbers.finish();
    const unit = unitOf(this.name);
    return {
      info: { name: this.name, type: 'number', missing: this.missing, ...describeNumbers(values), ...(unit !== undefined && { unit }) },
      type: 'number',
      values,
    };
  }

  private finishCodes(): TableColumn {
    const codes = this.codes.finish();
    const { texts } = this.dictionary;
    const distinct = texts.length;
    const type =
      this.wanted === 'text' || this.wanted === 'category'
        ? this.wanted
        : textColumnType(distinct, codes.length - this.missing, distinct > 0 && texts.every(isDate));
    if (type === 'text') {
      const values = Array.from(codes, (code) => texts[code] ?? '');
      return { info: { name: this.name, type, missing: this.missing, distinct, ...describeTexts(texts) }, type, values };
    }
    // Codes in the order of the categories' names, so that they do not depend on the order of the rows.
    const order = texts.map((_, code) => code).sort((a, b) => compareCategories(texts[a]!, texts[b]!));
    const newCode = new Int32Array(distinct);
    order.forEach((code, position) => (newCode[code] = position));
    for (let i = 0; i < codes.length; i++) if (codes[i]! >= 0) codes[i] = newCode[codes[i]!]!;
    const categories = order.map((code) => texts[code]!);
    return { info: { name: this.name, type, missing: this.missing, distinct, categories }, type, values: codes };
  }
}

/** Characters in the order of their code points; none where there are too many to be learned one by one. */
function describeTexts(texts: readonly string[]): Pick<ColumnInfo, 'alphabet' | 'longest'> {
  const characters = new Set<string>();
  let longest = 0;
  for (const text of texts) {
    longest = Math.max(longest, text.length);
    if (characters.size <= maxCategories) for (const character of text) characters.add(character);
  }
  // One unit per character: what lies beyond would be counted twice by its length.
  const plain = [...characters].every((character) => character.length === 1);
  return characters.size > maxCategories || !plain ? {} : { alphabet: [...characters].sort().join(''), longest };
}

function describeNumbers(values: Float64Array): Pick<ColumnInfo, 'range' | 'integers' | 'increasing' | 'distinct'> {
  let min = Infinity;
  let max = -Infinity;
  let previous = -Infinity;
  let integers = true;
  let increasing = true;
  const distinct = new Set<number>();
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    if (integers && Math.trunc(value) !== value) integers = false;
    if (increasing && value <= previous) increasing = false;
    if (value !== previous && distinct.size <= maxCountedDistinct) distinct.add(value);
    previous = value;
  }
  return {
    ...(min <= max && { range: { min, max }, integers, increasing }),
    ...(distinct.size <= maxCountedDistinct && { distinct: distinct.size }),
  };
}

/** A text column that makes strings only when it is asked for them; a file of the column is written without any. */
export class EncodedTextColumn {
  readonly type = 'text';
  readonly info: ColumnInfo;
  readonly encoded: EncodedTexts;
  private decoded: readonly string[] | undefined;

  constructor(info: ColumnInfo, encoded: EncodedTexts) {
    this.info = info;
    this.encoded = encoded;
  }

  get values(): readonly string[] {
    return (this.decoded ??= decodeTexts(this.encoded));
  }
}

/** Numbers by value before texts, texts by code unit: the same order on every machine. */
function compareCategories(a: string, b: string): number {
  const x = Number(a);
  const y = Number(b);
  if (!Number.isNaN(x) && !Number.isNaN(y)) return x - y || (a < b ? -1 : 1);
  if (!Number.isNaN(x)) return -1;
  if (!Number.isNaN(y)) return 1;
  return a < b ? -1 : 1;
}
