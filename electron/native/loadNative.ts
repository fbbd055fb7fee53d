/**
 * The native accelerator: finds what the set-up script built (in a checkout) or the installer brought (in the app), and
 * trusts it only after it has computed two small contractions as plain loops do. Without it training runs on WebAssembly.
 */
import fs from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import type { Accelerator } from '../../core/engines/wasm/contract/accelerator.ts';
import { descriptorWords, regionWords } from '../../core/engines/wasm/contract/descriptor.ts';
import type { Problem } from '../../core/problem.ts';

export type InstructionSet = 'avx512' | 'avx2' | 'neon' | 'portable';

/** As in contract.c: another number is another meaning of the blocks, or other bits. */
const revision = 2;

const labels: Readonly<Record<InstructionSet, string>> = { avx512: 'AVX-512', avx2: 'AVX2', neon: 'NEON', portable: 'portable' };

interface Addon {
  readonly revision: number;
  /** All the file knows, best first; empty where this processor lacks it. */
  readonly isas: readonly (InstructionSet | '')[];
  bind(bytes: Uint8Array, isa: number): (regionAddress: number) => void;
  check(bytes: Uint8Array, descriptorAddress: number): void;
}

export interface NativeOptions {
  /** For tests; the best one of the processor otherwise. */
  readonly isa?: InstructionSet;
  /** For tests; the places of checkout and app otherwise. */
  readonly files?: readonly string[];
}

export interface NativeLoad {
  readonly accelerator?: Accelerator;
  /** Why there is none. */
  readonly notice?: Problem;
}

/** Where the accelerator of this machine lies: beside a checkout's other caches, or among an installed app's resources. */
export function nativeFiles(): readonly string[] {
  const file = path.join('native', `${process.platform}-${process.arch}`, 'contract.node');
  const here = import.meta.dirname;
  return [
    // electron/native/ and dist/electron/ of a checkout
    path.join(here, '..', '..', '.cache', file),
    // resources/app.asar.unpacked/dist/electron/, seen from inside the archive or beside it
    path.join(here.replace(/app\.asar(?=[\\/])/, 'app.asar.unpacked'), '..', '..', '..', file),
  ];
}

let remembered: NativeLoad | undefined;

/** Cached, because every thread asks; tests with options always load anew. */
export function loadNative(options?: NativeOptions): NativeLoad {
  if (options !== undefined) return load(options);
  remembered ??= load({});
  return remembered;
}

/** The instruction sets of this machine that the built file has, best first; none without a file. */
export function nativeInstructionSets(files = nativeFiles()): readonly InstructionSet[] {
  const file = files.find((name) => fs.existsSync(name));
  return file === undefined ? [] : open(file).isas.filter((isa) => isa !== '');
}

function load({ isa, files = nativeFiles() }: NativeOptions): NativeLoad {
  const file = files.find((name) => fs.existsSync(name));
  if (file === undefined) {
    return absent(
      'native.absent',
      'The native accelerator is not built on this machine: training runs on WebAssembly alone, which is slower.',
    );
  }
  try {
    const addon = open(file);
    if (addon.revision !== revision) {
      return absent('native.outdated', `The native accelerator has revision ${addon.revision} instead of ${revision} and is not used.`);
    }
    const name = isa ?? addon.isas.find((candidate) => candidate !== '');
    const index = name === undefined ? -1 : addon.isas.indexOf(name);
    if (name === undefined || index < 0) return absent('native.absent', `This processor lacks the instruction set ${String(isa)}.`);
    const accelerator: Accelerator = {
      numerics: `native/${name}/${revision}`,
      label: labels[name],
      bind: (buffer) => addon.bind(new Uint8Array(buffer), index),
      check: (buffer, descriptorAddress) => addon.check(new Uint8Array(buffer), descriptorAddress),
    };
    const mistake = selfTest(accelerator);
    return mistake === undefined
      ? { accelerator }
      : absent('native.wrong', `The native accelerator computes wrongly (${mistake}) and is not used.`);
  } catch (error) {
    return absent('native.broken', `The native accelerator cannot be loaded: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function absent(code: string, message: string): NativeLoad {
  return {
    notice: {
      code,
      message,
      hint: 'With gcc or clang installed, run `npm run setup` and start again; an installed app can be installed again.',
    },
  };
}

function open(file: string): Addon {
  const module: { exports: unknown } = { exports: {} };
  process.dlopen(module, file, constants.dlopen?.RTLD_LAZY ?? 0);
  return module.exports as Addon;
}

/** One contraction of each kind, of sizes that have edges, against plain loops. */
function selfTest(accelerator: Accelerator): string | undefined {
  const [rows, columns] = [7, 19];
  for (const { depth, bColumnStride, bDepthStride } of [
    { depth: 5, bColumnStride: 4, bDepthStride: 4 * columns },
    { depth: 131, bColumnStride: 4 * 131, bDepthStride: 4 },
  ]) {
    const buffer = new SharedArrayBuffer(32_768);
    const words = new Int32Array(buffer);
    const floats = new Float32Array(buffer);
    const [descriptor, region, a, b, c] = [0, 128, 256, 8_192, 24_576];
    const put = (address: number, index: number, value: number) => void (words[address / 4 + index] = value);
    const sizes = { batch: 1, rows, columns, depth, a, b, aRowStride: 4 * depth, aDepthStride: 4, bColumnStride, bDepthStride };
    for (const [name, value] of Object.entries(sizes)) put(descriptor, descriptorWords[name as keyof typeof descriptorWords], value);
    const block = { descriptor, batchIndex: 0, rowStart: 0, rowEnd: rows, columnStart: 0, columnEnd: columns, c, cRowStride: 4 * columns };
    for (const [name, value] of Object.entries(block)) put(region, regionWords[name as keyof typeof regionWords], value);
    for (let i = 0; i < rows * depth; i++) floats[a / 4 + i] = Math.sin(i);
    for (let i = 0; i < columns * depth; i++) floats[b / 4 + i] = Math.cos(i);
    accelerator.check(buffer, descriptor);
    accelerator.bind(buffer)(region);
    for (let m = 0; m < rows; m++) {
      for (let n = 0; n < columns; n++) {
        let sum = 0;
        for (let k = 0; k < depth; k++) {
          sum += floats[a / 4 + m * depth + k]! * floats[(b + n * bColumnStride + k * bDepthStride) / 4]!;
        }
        const got = floats[c / 4 + m * columns + n]!;
        // Sums of 131 products below 1: an error of a few units in the last place of 32.
        if (!(Math.abs(got - sum) <= 1e-4)) return `${got} instead of ${sum} at (${m}, ${n})`;
      }
    }
  }
  return undefined;
}
