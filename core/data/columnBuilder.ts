/**
 * Builds one typed column from the cells of a text table in a single pass. It starts with the type the file's
 * beginning suggests; where a later cell refutes that, it says so (`refuted`) and the table is read once more.
 */
import { FloatBlocks, IntegerBlocks } from './blocks.ts';
import { isDate, isMissing, parseNumber, unitOf } from './cells.ts';
import { maxCategories, maxCountedDistinct, textColumnType } from './columns.ts';
import type { Column, ColumnInfo } from './dataSet.ts';
import { raise } from '../problem.ts';

/** What the user (or nobody) asked a column to be. */
export type WantedType = 'number' | 'category' | 'text' | undefined;

/** Distinct texts kept as codes; above it a column that may be text stores its cells one by one. */
const maxCodes = 20_000;

export class ColumnBuilder {
  private readonly numbers = new FloatBlocks();
  private readonly codes = new IntegerBlocks();
  /** Raw cell → code; −1 is a gap. */
  private readonly codeOf = new Map<string, number>();
  private readonly dictionary: string[] = [];
  private texts: (string | null)[] | undefined;
  private readonly distinct = new Set<number>();
  private mode: 'number' | 'codes';
  private missing = 0;
  private increasing = true;
  private integers = true;
  private previous = -Infinity;
  private min = Infinity;
  private max = -Infinity;
  private readonly name: string;
  private readonly wanted: WantedType;
  private readonly decimalComma: boolean;
  /** A cell that is no number stands in a column that held numbers so far. */
  refuted = false;

  constructor(name: string, options: { startAs: 'number' | 'codes'; wanted: WantedType; decimalComma: boolean }) {
    this.name = name;
    this.wanted = options.wanted;
    this.decimalComma = options.decimalComma;
    this.mode = options.wanted === undefined ? options.startAs : options.wanted === 'number' ? 'number' : 'codes';
  }

  /** Takes cell `index` of each row. */
  append(rows: readonly (readonly string[])[], index: number): void {
    let r = 0;
    if (this.mode === 'number') r = this.appendNumbers(rows, index);
    for (; r < rows.length && this.mode === 'codes'; r++) this.appendText(rows[r]![index]!);
  }

  /** Row from which the column is no longer one of numbers, or the number of rows. */
  private appendNumbers(rows: readonly (readonly string[])[], index: number): number {
    for (let r = 0; r < rows.length; r++) {
      const cell = rows[r]![index]!;
      const value = this.decimalComma ? this.slowNumber(cell) : this.fastNumber(cell);
      if (value === value) {
        this.numbers.push(value);
        if (value < this.min) this.min = value;
        if (value > this.max) this.max = value;
        if (value <= this.previous) this.increasing = false;
        this.previous = value;
        if (this.integers && Math.trunc(value) !== value) this.integers = false;
        if (this.distinct.size <= maxCountedDistinct) this.distinct.add(value);
      } else if (isMissing(cell.trim())) {
        this.numbers.push(NaN);
        this.missing++;
      } else if (this.wanted === 'number') {
        // The user insists on numbers: everything else is a gap.
        this.numbers.push(NaN);
        this.missing++;
      } else if (this.numbers.length === this.missing) {
        // Only gaps so far: nothing is lost by turning to text.
        for (let i = 0; i < this.missing; i++) this.codes.push(-1);
        this.mode = 'codes';
        return r;
      } else {
        this.refuted = true;
        return r;
      }
    }
    return rows.length;
  }

  /** Agrees with `slowNumber` and skips its patterns for plain decimal cells. */
  private fastNumber(cell: string): number {
    const first = cell.charCodeAt(0);
    // A digit 1–9, or "-" followed by one: no leading zero, no hexadecimal, no blank is possible.
    if ((first >= 49 && first <= 57) || (first === 45 && cell.charCodeAt(1) >= 49 && cell.charCodeAt(1) <= 57)) {
      const value = +cell;
      if (value === value && value < Infinity && value > -Infinity) return value;
    } else if (first === 48 && (cell.length === 1 || cell.charCodeAt(1) === 46)) {
      const value = +cell;
      if (value === value) return value;
    }
    return this.slowNumber(cell);
  }

  private slowNumber(cell: string): number {
    const text = cell.trim();
    const value = parseNumber(text, this.decimalComma);
    return value !== value && this.decimalComma ? parseNumber(text, false) : value;
  }

  private appendText(cell: string): void {
    if (this.texts !== undefined) {
      this.appendPlainText(cell);
      return;
    }
    let code = this.codeOf.get(cell);
    if (code === undefined) {
      const text = ownCopy(cell.trim());
      if (isMissing(text)) code = -1;
      else {
        code = this.codeOf.get(text);
        if (code === undefined) {
          if (this.wanted === 'category' && this.dictionary.length === maxCategories) this.refuseCategories();
          if (this.dictionary.length === maxCodes) {
            this.turnToPlainText();
            this.appendPlainText(cell);
            return;
          }
          code = this.dictionary.length;
          this.dictionary.push(text);
          this.codeOf.set(text, code);
        }
      }
      if (text.length !== cell.length) this.codeOf.set(ownCopy(cell), code);
    }
    if (code < 0) this.missing++;
    this.codes.push(code);
  }

  private appendPlainText(cell: string): void {
    const text = cell.trim();
    const gap = isMissing(text);
    if (gap) this.missing++;
    this.texts!.push(gap ? null : text);
  }

  private turnToPlainText(): void {
    const { dictionary } = this;
    this.texts = Array.from(this.codes.join(), (code) => dictionary[code] ?? null);
    this.codeOf.clear();
  }

  private refuseCategories(): never {
    raise({
      code: 'column.tooManyCategories',
      message: `Column "${this.name}": a category column has at most ${maxCategories} different values, this one has more.`,
      where: { kind: 'column', column: this.name },
      hint: 'Import it as number or text.',
    });
  }

  finish(): Column {
    return this.mode === 'number' ? this.finishNumbers() : this.finishTexts();
  }

  private finishNumbers(): Column {
    const values = this.numbers.join();
    const present = values.length - this.missing;
    const unit = unitOf(this.name);
    const info: ColumnInfo = {
      name: this.name,
      type: 'number',
      missing: this.missing,
      ...(present > 0 && { range: { min: this.min, max: this.max }, integers: this.integers, increasing: this.increasing }),
      ...(this.distinct.size <= maxCountedDistinct && { distinct: this.distinct.size }),
      ...(unit !== undefined && { unit }),
    };
    return { info, type: 'number', values };
  }

  private finishTexts(): Column {
    if (this.texts !== undefined) {
      const values = this.texts.map((text) => text ?? '');
      return { info: { name: this.name, type: 'text', missing: this.missing }, type: 'text', values };
    }
    const codes = this.codes.join();
    const distinct = this.dictionary.length;
    const type = this.wanted === 'text' || this.wanted === 'category' ? this.wanted
      : textColumnType(distinct, codes.length - this.missing, distinct > 0 && this.dictionary.every(isDate));
    if (type === 'text') {
      const values = Array.from(codes, (code) => this.dictionary[code] ?? '');
      return { info: { name: this.name, type, missing: this.missing, distinct }, type, values };
    }
    // Codes in the order of the category's names, so that they do not depend on the order of the rows.
    const order = this.dictionary.map((_, code) => code).sort((a, b) => compareCategories(this.dictionary[a]!, this.dictionary[b]!));
    const newCode = new Int32Array(distinct);
    order.forEach((code, position) => (newCode[code] = position));
    for (let i = 0; i < codes.length; i++) if (codes[i]! >= 0) codes[i] = newCode[codes[i]!]!;
    const categories = order.map((code) => this.dictionary[code]!);
    return { info: { name: this.name, type, missing: this.missing, distinct, categories }, type, values: codes };
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

/** A short cell cut out of a large piece of the file would keep the whole piece in memory. */
function ownCopy(text: string): string {
  return text.length < 13 ? text : (JSON.parse(JSON.stringify(text)) as string);
}
