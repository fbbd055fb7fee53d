/** Distinct cells of a column by their bytes: a hash table that makes a string only of what it has not seen before. */
import { isMissing } from './cells.ts';
import { decodeUtf8 } from './utf8.ts';

export class CellDictionary {
  /** Texts by code, in the order of their first appearance. */
  readonly texts: string[] = [];
  /** Entry number + 1 by hash, 0 = free; the length is a power of two and at least twice the entries. */
  private slots = new Int32Array(256);
  private readonly hashes: number[] = [];
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  private readonly codes: number[] = [];
  private readonly codeOfText = new Map<string, number>();
  private bytes = new Uint8Array(4_096);
  private bytesUsed = 0;

  /** The cell's code; −1 for a gap. The cell is already without blanks around it. */
  codeOf(cell: Uint8Array, from: number, to: number): number {
    // FNV-1a (Fowler, Noll & Vo 1991).
    let hash = 0x811c9dc5;
    for (let i = from; i < to; i++) hash = Math.imul(hash ^ cell[i]!, 0x01000193);
    const mask = this.slots.length - 1;
    for (let slot = (hash ^ (hash >>> 15)) & mask; ; slot = (slot + 1) & mask) {
      const entry = this.slots[slot]! - 1;
      if (entry < 0) return this.add(cell, from, to, hash, slot);
      if (this.hashes[entry] === hash && this.holds(entry, cell, from, to)) return this.codes[entry]!;
    }
  }

  private holds(entry: number, cell: Uint8Array, from: number, to: number): boolean {
    const start = this.starts[entry]!;
    if (this.ends[entry]! - start !== to - from) return false;
    for (let i = from, j = start; i < to; i++, j++) if (this.bytes[j] !== cell[i]) return false;
    return true;
  }

  private add(cell: Uint8Array, from: number, to: number, hash: number, slot: number): number {
    const text = decodeUtf8(cell, from, to).trim();
    let code = isMissing(text) ? -1 : this.codeOfText.get(text);
    if (code === undefined) {
      code = this.texts.length;
      this.texts.push(text);
      this.codeOfText.set(text, code);
    }
    if (this.bytesUsed + to - from > this.bytes.length) {
      const larger = new Uint8Array(Math.max(2 * this.bytes.length, this.bytesUsed + to - from));
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.bytes.set(cell.subarray(from, to), this.bytesUsed);
    this.hashes.push(hash);
    this.starts.push(this.bytesUsed);
    this.bytesUsed += to - from;
    this.ends.push(this.bytesUsed);
    this.codes.push(code);
    this.slots[slot] = this.hashes.length;
    if (2 * this.hashes.length > this.slots.length) this.grow();
    return code;
  }

  private grow(): void {
    this.slots = new Int32Array(2 * this.slots.length);
    const mask = this.slots.length - 1;
    this.hashes.forEach((hash, entry) => {
      let slot = (hash ^ (hash >>> 15)) & mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
      this.slots[slot] = entry + 1;
    });
  }
}
