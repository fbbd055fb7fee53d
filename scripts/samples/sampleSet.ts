/** What one sample data set's file in `sets/` says, and how it writes what it made. */
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import type { SampleRecipe } from '../../electron/files/samples.ts';

export interface SampleSet {
  readonly recipe: SampleRecipe;
  /** The folder within the sources' folder that `make` reads; absent where nothing is read. */
  readonly source?: string;
  /** Writes the recipe's files. */
  readonly make: (source: string) => void;
}

export const samplesFolder = path.resolve(import.meta.dirname, '../../resources/samples');

/** Names ending in `.gz` are compressed, the same bytes for the same content. */
export function writeSampleFile(name: string, content: Uint8Array | string): void {
  let bytes = Buffer.from(content);
  if (name.endsWith('.gz')) {
    bytes = zlib.gzipSync(bytes, { level: 9 });
    // Byte 9 names the operating system; 255 is "unknown". The time stamp is 0 already.
    bytes[9] = 255;
  }
  const file = path.join(samplesFolder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, bytes);
  console.log(`${name}: ${bytes.length.toLocaleString('en')} bytes`);
}

/** A table that the source's script wrote as CSV is taken as it is. */
export function copyTable(recipe: SampleRecipe, file: string): (source: string) => void {
  return (source) => writeSampleFile(recipe.files[0]!, fs.readFileSync(path.join(source, file)));
}

export function csvOf(columns: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [columns, ...rows].map((cells) => `${cells.map(cellOf).join(',')}\n`).join('');
}

function cellOf(value: string | number): string {
  const text = String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
