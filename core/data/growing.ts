/**
 * Columns that grow while a file is read. Given a good guess of the number of rows nothing is ever copied, and memory
 * that is not reached yet is not taken from the system.
 */
import { decodeUtf8, encodeUtf8 } from './utf8.ts';

export class GrowingFloats {
  private values: Float64Array;
  length = 0;

  constructor(expected: number) {
    this.values = new Float64Array(expected);
  }

  push(value: number): void {
    if (this.length === this.values.length) {
      const larger = new Float64Array(grownLength(this.length));
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.length++] = value;
  }

  finish(): Float64Array {
    return this.values.subarray(0, this.length);
  }
}

export class GrowingIntegers {
  private values: Int32Array;
  length = 0;

  constructor(expected: number) {
    this.values = new Int32Array(expected);
  }

  push(value: number): void {
    if (this.length === this.values.length) {
      const larger = new Int32Array(grownLength(this.length));
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.length++] = value;
  }

  finish(): Int32Array {
    return this.values.subarray(0, this.length);
  }
}

function grownLength(length: number): number {
  return Math.max(1_024, length + (length >> 1));
}

const blockBytes = 1024 * 1024;

/** Texts as UTF-8, one after the other in blocks; a text never spans two. */
export class GrowingTexts {
  private readonly blocks: { bytes: Uint8Array; used: number }[] = [];
  private readonly lengths: GrowingIntegers;

  constructor(expected: number) {
    this.lengths = new GrowingIntegers(expected);
  }

  push(bytes: Uint8Array, from: number, to: number): void {
    const length = to - from;
    let block = this.blocks.at(-1);
    if (block === undefined || block.used + length > block.bytes.length) {
      block = { bytes: new Uint8Array(Math.max(blockBytes, length)), used: 0 };
      this.blocks.push(block);
    }
    const { bytes: into, used } = block;
    if (length < 64) for (let i = 0; i < length; i++) into[used + i] = bytes[from + i]!;
    else into.set(bytes.subarray(from, to), used);
    block.used += length;
    this.lengths.push(length);
  }

  pushString(text: string): void {
    const bytes = encodeUtf8(text);
    this.push(bytes, 0, bytes.length);
  }

  finish(): EncodedTexts {
    return { lengths: this.lengths.finish(), blocks: this.blocks.map(({ bytes, used }) => bytes.subarray(0, used)) };
  }
}

/** A text column that has not been turned into strings. */
export interface EncodedTexts {
  /** Bytes of each text. */
  readonly lengths: Int32Array;
  /** Their UTF-8, in order; a text never spans two blocks. */
  readonly blocks: readonly Uint8Array[];
}

export function decodeTexts({ lengths, blocks }: EncodedTexts): string[] {
  const texts = new Array<string>(lengths.length);
  let block = 0;
  let at = 0;
  for (let i = 0; i < lengths.length; i++) {
    const length = lengths[i]!;
    while (length > 0 && at === blocks[block]!.length) {
      block++;
      at = 0;
    }
    texts[i] = length === 0 ? '' : decodeUtf8(blocks[block]!, at, at + length);
    at += length;
  }
  return texts;
}
