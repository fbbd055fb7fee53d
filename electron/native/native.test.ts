/**
 * The native accelerator against plain loops, on every instruction set this processor has: shapes, strides, tables,
 * regions and threads; and what it refuses. Skipped, visibly, on a machine without a C compiler.
 */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { descriptorWords, irregular, regionWords } from '../../core/engines/wasm/contract/descriptor.ts';
import { loadNative, nativeFiles, nativeInstructionSets } from './loadNative.ts';

// What `npm test` has done already, in case the tests are run by themselves.
const builder = pathToFileURL(path.resolve(import.meta.dirname, '../../scripts/setup/native.mjs')).href;
execFileSync(process.execPath, ['--input-type=module', '-e', `(await import('${builder}')).buildNative()`], { stdio: 'ignore' });

const sets = nativeInstructionSets();
const missing = sets.length === 0;

type Words = Partial<Record<keyof typeof descriptorWords, number>>;
type RegionBlock = Record<keyof typeof regionWords, number>;

/** Offsets in elements: a distance, or one offset per index. */
type Offsets = number | readonly number[];

interface Contraction {
  readonly batch: number;
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  readonly aBatch: Offsets;
  readonly aRow: Offsets;
  readonly aDepth: Offsets;
  readonly bBatch: Offsets;
  readonly bColumn: Offsets;
  readonly bDepth: Offsets;
}

const at = (offsets: Offsets, index: number) => (typeof offsets === 'number' ? offsets * index : offsets[index]!);
const most = (offsets: Offsets, size: number) => (typeof offsets === 'number' ? offsets * (size - 1) : Math.max(...offsets));

/** Longest stretch of depths that are neighbours in both operands and divides the depth; 0 for none. */
function depthRun({ depth, aDepth, bDepth }: Contraction): number {
  const isRun = (offsets: Offsets, length: number) =>
    Array.from({ length: depth }, (_, k) => k).every((k) => k % length === 0 || at(offsets, k) === at(offsets, k - 1) + 1);
  const divisors = Array.from({ length: depth }, (_, i) => depth - i).filter((n) => depth % n === 0);
  return divisors.find((length) => length > 1 && isRun(aDepth, length) && isRun(bDepth, length)) ?? 0;
}

const untouched = 12_345;

/** A memory with exactly this contraction in it: both operands end where the memory ends or the result begins. */
function layOut(contraction: Contraction, seed = 1) {
  const { batch, rows, columns, depth, aBatch, aRow, aDepth, bBatch, bColumn, bDepth } = contraction;
  const aLength = most(aBatch, batch) + most(aRow, rows) + most(aDepth, depth) + 1;
  const bLength = most(bBatch, batch) + most(bColumn, columns) + most(bDepth, depth) + 1;
  const cRow = columns + 3;
  const tables = { aBatch, bBatch, aRow, aDepth, bColumn, bDepth };
  const tableLength = Object.values(tables).reduce<number>((sum, offsets) => sum + (typeof offsets === 'number' ? 0 : offsets.length), 0);
  const [descriptor, region] = [0, 128];
  const c = 256 + 4 * tableLength;
  const a = c + 4 * batch * rows * cRow;
  const b = a + 4 * aLength;
  const buffer = new SharedArrayBuffer(b + 4 * bLength);
  const words = new Int32Array(buffer);
  const floats = new Float32Array(buffer);
  let state = seed;
  for (let i = a / 4; i < floats.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    floats[i] = state / 2 ** 31 - 1;
  }
  floats.fill(untouched, c / 4, a / 4);
  const set = (values: Words) => {
    for (const [name, value] of Object.entries(values))
      words[descriptor / 4 + descriptorWords[name as keyof typeof descriptorWords]] = value;
  };
  set({ batch, rows, columns, depth, a, b, depthRun: depthRun(contraction) });
  let table = 256;
  for (const [name, offsets] of Object.entries(tables)) {
    if (typeof offsets === 'number') {
      set({ [`${name}Stride`]: 4 * offsets });
    } else {
      set({ [`${name}Stride`]: irregular, [`${name}Table`]: table });
      offsets.forEach((offset, i) => (words[table / 4 + i] = 4 * offset));
      table += 4 * offsets.length;
    }
  }
  const setRegion = (block: Partial<RegionBlock>, address = region) => {
    for (const [name, value] of Object.entries(block)) words[address / 4 + regionWords[name as keyof typeof regionWords]] = value;
  };
  /** Computes a part of the result into its own place in C. */
  const run = (compute: (regionAddress: number) => void, z: number, m0: number, m1: number, n0: number, n1: number) => {
    const first = c + 4 * ((z * rows + m0) * cRow + n0);
    setRegion({ descriptor, batchIndex: z, rowStart: m0, rowEnd: m1, columnStart: n0, columnEnd: n1, c: first, cRowStride: 4 * cRow });
    compute(region);
  };
  return { buffer, words, floats, descriptor, region, a, b, c, cRow, set, setRegion, run };
}

type Layout = ReturnType<typeof layOut>;

function expectPlainLoops(contraction: Contraction, { floats, a, b, c, cRow }: Layout): void {
  const { batch, rows, columns, depth, aBatch, aRow, aDepth, bBatch, bColumn, bDepth } = contraction;
  // Bound of the rounding errors of a sum: so many additions, half a unit in the last place each.
  const additions = Math.min(depth, 256) + Math.ceil(depth / 256) + 1;
  for (let z = 0; z < batch; z++) {
    for (let m = 0; m < rows; m++) {
      for (let n = 0; n < columns; n++) {
        let sum = 0;
        let magnitude = 0;
        for (let k = 0; k < depth; k++) {
          const x = floats[a / 4 + at(aBatch, z) + at(aRow, m) + at(aDepth, k)]!;
          const y = floats[b / 4 + at(bBatch, z) + at(bColumn, n) + at(bDepth, k)]!;
          sum += x * y;
          magnitude += Math.abs(x * y);
        }
        const got = floats[c / 4 + (z * rows + m) * cRow + n]!;
        if (!(Math.abs(got - sum) <= additions * 2 ** -24 * magnitude)) expect.fail(`(${z}, ${m}, ${n}): got ${got}, expected ${sum}`);
      }
      // Beyond the last column nothing is written.
      const gap = floats.subarray(c / 4 + (z * rows + m) * cRow + columns, c / 4 + (z * rows + m + 1) * cRow);
      expect([...gap]).toEqual([untouched, untouched, untouched]);
    }
  }
}

const size = (largest: number) =>
  fc.oneof(fc.constantFrom(1, 2, 3, 7, 13, 16, 31, 64, 97), fc.integer({ min: 1, max: largest })).map((n) => Math.min(n, largest));

/** Every dense layout, gaps between rows, shared operands, and windows that overlap through tables. */
const contractions: fc.Arbitrary<Contraction> = fc
  .record({
    batch: fc.constantFrom(1, 1, 2, 3),
    rows: size(130),
    columns: size(150),
    depth: size(600),
    isATransposed: fc.boolean(),
    isBTransposed: fc.boolean(),
    gap: fc.constantFrom(0, 0, 1, 5),
    isBShared: fc.boolean(),
    tables: fc.constantFrom('none', 'none', 'windows', 'rows', 'scattered'),
  })
  .map(({ batch, rows, columns, depth, isATransposed, isBTransposed, gap, isBShared, tables }) => {
    const aLine = (isATransposed ? rows : depth) + gap;
    const bLine = (isBTransposed ? depth : columns) + gap;
    const dense: Contraction = {
      batch,
      rows,
      columns,
      depth,
      aBatch: aLine * (isATransposed ? depth : rows),
      aRow: isATransposed ? 1 : aLine,
      aDepth: isATransposed ? aLine : 1,
      bBatch: isBShared ? 0 : bLine * (isBTransposed ? columns : depth),
      bColumn: isBTransposed ? bLine : 1,
      bDepth: isBTransposed ? 1 : bLine,
    };
    if (tables === 'none') return dense;
    const range = (length: number, offset: (i: number) => number) => Array.from({ length }, (_, i) => offset(i));
    if (tables === 'windows') {
      // Columns are places of a window of 3 × 3 in an image 11 wide, depth what the window covers.
      return {
        ...dense,
        bBatch: 0,
        bColumn: range(columns, (n) => Math.floor(n / 9) * 11 + (n % 9)),
        bDepth: range(depth, (k) => Math.floor(k / 3) * 11 + (k % 3)),
      };
    }
    if (tables === 'rows') {
      // Columns and depth are pixels of an image 14 wide in rows of 17, as in a convolution and in the gradient of its weights.
      const inRows = (i: number) => Math.floor(i / 14) * 17 + (i % 14);
      const whole = 14 * Math.ceil(depth / 14);
      return {
        ...dense,
        depth: whole,
        aRow: isATransposed ? 1 : whole + gap,
        aDepth: isATransposed ? aLine : 1,
        bBatch: 0,
        bColumn: range(columns, inRows),
        bDepth: range(whole, inRows),
      };
    }
    return {
      ...dense,
      aBatch: range(batch, (z) => 5 * (batch - z)),
      aRow: range(rows, (m) => (m * 7) % 61),
      aDepth: range(depth, (k) => (k * 5) % 89),
      bColumn: range(columns, (n) => (n * 3) % 71),
      bDepth: range(depth, (k) => Math.floor(k / 4) * 6 + (k % 4)),
    };
  });

function accelerator(isa: (typeof sets)[number]) {
  const { accelerator: found, notice } = loadNative({ isa });
  if (found === undefined) throw new Error(notice?.message);
  return found;
}

if (missing) test.skip('no C compiler on this machine: the native accelerator is not tested', () => {});

test('without the file there is a notice and nothing else', () => {
  const { accelerator: none, notice } = loadNative({ files: [path.join(import.meta.dirname, 'absent.node')] });
  expect(none).toBeUndefined();
  expect(notice?.message).toContain('WebAssembly alone');
  expect(nativeInstructionSets([])).toEqual([]);
});

test('a file that is no accelerator gives a notice', () => {
  const { accelerator: none, notice } = loadNative({ files: [import.meta.filename] });
  expect(none).toBeUndefined();
  expect(notice?.message).toContain('cannot be loaded');
});

describe.skipIf(missing)('native accelerator', () => {
  test('the best instruction set is taken and named in the numerics id', () => {
    expect(loadNative().accelerator?.numerics).toMatch(new RegExp(`^native/${sets[0]}/\\d+$`));
    expect(loadNative()).toBe(loadNative());
    expect(nativeFiles().every((file) => path.isAbsolute(file))).toBe(true);
  });

  describe.each(sets.map((isa) => ({ isa })))('$isa', ({ isa }) => {
    test('agrees with plain loops', () => {
      const native = accelerator(isa);
      fc.assert(
        fc.property(contractions, fc.integer({ min: 1, max: 1e6 }), (contraction, seed) => {
          const layout = layOut(contraction, seed);
          native.check(layout.buffer, layout.descriptor);
          const compute = native.bind(layout.buffer);
          for (let z = 0; z < contraction.batch; z++) layout.run(compute, z, 0, contraction.rows, 0, contraction.columns);
          expectPlainLoops(contraction, layout);
        }),
        { numRuns: 60 },
      );
    });

    test('any cut into regions gives the same bits', () => {
      const native = accelerator(isa);
      const cut = fc.double({ min: 0, max: 1, noNaN: true });
      fc.assert(
        fc.property(contractions, cut, cut, (contraction, rowShare, columnShare) => {
          const { rows, columns } = contraction;
          const whole = layOut(contraction);
          whole.run(native.bind(whole.buffer), 0, 0, rows, 0, columns);
          const parts = layOut(contraction);
          const compute = native.bind(parts.buffer);
          const m = Math.round(rowShare * rows);
          const n = Math.round(columnShare * columns);
          for (const [m0, m1] of [
            [0, m],
            [m, rows],
          ] as const) {
            for (const [n0, n1] of [
              [n, columns],
              [0, n],
            ] as const)
              parts.run(compute, 0, m0, m1, n0, n1);
          }
          expect(Buffer.compare(bytesOfResult(whole), bytesOfResult(parts))).toBe(0);
        }),
        { numRuns: 60 },
      );
    });
  });

  test('sums of all instruction sets with fused multiply-add and no lanes are the same bits', () => {
    const contraction = { batch: 1, rows: 20, columns: 45, depth: 300, aBatch: 0, aRow: 300, aDepth: 1, bBatch: 0, bColumn: 1, bDepth: 45 };
    const results = sets
      .filter((isa) => isa !== 'portable')
      .map((isa) => {
        const layout = layOut(contraction);
        layout.run(accelerator(isa).bind(layout.buffer), 0, 0, 20, 0, 45);
        return bytesOfResult(layout);
      });
    for (const result of results) expect(Buffer.compare(result, results[0]!)).toBe(0);
  });

  test('two threads on halves give the bits of one', async () => {
    const contraction = {
      batch: 1,
      rows: 96,
      columns: 200,
      depth: 700,
      aBatch: 0,
      aRow: 1,
      aDepth: 96,
      bBatch: 0,
      bColumn: 1,
      bDepth: 200,
    };
    const native = accelerator(sets[0]!);
    const whole = layOut(contraction);
    whole.run(native.bind(whole.buffer), 0, 0, 96, 0, 200);

    const shared = layOut(contraction);
    const code = `
      const { workerData, parentPort } = require('node:worker_threads');
      const module_ = { exports: {} };
      process.dlopen(module_, workerData.file);
      const best = module_.exports.isas.findIndex((name) => name !== '');
      const compute = module_.exports.bind(new Uint8Array(workerData.buffer), best);
      for (let i = 0; i < 20; i++) compute(workerData.region);
      parentPort.postMessage('done');`;
    const file = nativeFiles().find((name) => fs.existsSync(name));
    const workers = [
      { rowStart: 0, rowEnd: 50, region: shared.region },
      { rowStart: 50, rowEnd: 96, region: shared.region + 64 },
    ].map(({ rowStart, rowEnd, region }) => {
      const c = shared.c + 4 * rowStart * shared.cRow;
      const { descriptor, cRow } = shared;
      shared.setRegion({ descriptor, batchIndex: 0, rowStart, rowEnd, columnStart: 0, columnEnd: 200, c, cRowStride: 4 * cRow }, region);
      return new Worker(code, { eval: true, workerData: { file, buffer: shared.buffer, region } });
    });
    await Promise.all(workers.map((worker) => once(worker, 'message')));
    await Promise.all(workers.map((worker) => worker.terminate()));
    expect(Buffer.compare(bytesOfResult(whole), bytesOfResult(shared))).toBe(0);
  });

  describe('refuses, without touching anything', () => {
    const contraction = { batch: 2, rows: 5, columns: 6, depth: 7, aBatch: 35, aRow: 7, aDepth: 1, bBatch: 42, bColumn: 1, bDepth: 6 };
    const end = layOut(contraction).buffer.byteLength;
    const cases: { name: string; words?: Words; block?: Partial<RegionBlock>; says: string; checkPasses?: boolean }[] = [
      { name: 'no rows', words: { rows: 0 }, says: 'not positive' },
      { name: 'a negative depth', words: { depth: -7 }, says: 'not positive' },
      { name: 'a right operand one row too long', words: { depth: 8 }, says: 'right operand' },
      { name: 'a left stride far too large', words: { aRowStride: 2 ** 30 }, says: 'left operand' },
      { name: 'a huge extent that wraps in 32 bits', words: { aRowStride: 2 ** 30, rows: 5, aDepthStride: 2 ** 30 }, says: 'left operand' },
      { name: 'a negative stride', words: { bColumnStride: -4 }, says: 'stride' },
      { name: 'a stride that is no multiple of 4', words: { aBatchStride: 6 }, says: 'stride' },
      { name: 'an operand that is not aligned', words: { a: 1_001 }, says: 'not aligned' },
      { name: 'an operand before the memory', words: { b: -4 }, says: 'right operand' },
      { name: 'a table outside', words: { aRowStride: irregular, aRowTable: end - 16 }, says: 'table of offsets lies outside' },
      { name: 'a batch index outside', block: { batchIndex: 2 }, says: 'batch index', checkPasses: true },
      { name: 'rows outside', block: { rowEnd: 6 }, says: 'outside the result', checkPasses: true },
      { name: 'columns from behind', block: { columnStart: 4, columnEnd: 3 }, says: 'outside the result', checkPasses: true },
      {
        name: 'a result past the end',
        block: { c: end - 4 * 6 * 5 + 4, cRowStride: 24 },
        says: 'result reaches outside',
        checkPasses: true,
      },
      { name: 'rows of the result that overlap', block: { cRowStride: 20 }, says: 'overlap', checkPasses: true },
      { name: 'a descriptor past the end', block: { descriptor: end - 8 }, says: 'block of words', checkPasses: true },
    ];
    test.each(cases)('$name', ({ words = {}, block = {}, says, checkPasses = false }) => {
      const native = accelerator(sets[0]!);
      const layout = layOut(contraction);
      const compute = native.bind(layout.buffer);
      layout.run(compute, 0, 0, 5, 0, 6);
      const before = Buffer.from(bytesOfResult(layout));
      layout.set(words);
      layout.setRegion(block);
      if (!checkPasses) expect(() => native.check(layout.buffer, layout.descriptor)).toThrow(says);
      expect(() => compute(layout.region)).toThrow(says);
      expect(Buffer.compare(bytesOfResult(layout), before)).toBe(0);
    });

    test('a table that leads outside, found at load and again if it changes later', () => {
      const native = accelerator(sets[0]!);
      const tables: Contraction = { ...contraction, aRow: [0, 7, 14, 21, 28], bDepth: [0, 6, 12, 18, 24, 30, 36] };
      for (const name of ['aRowTable', 'bDepthTable'] as const) {
        for (const offset of [100_000, -4]) {
          const layout = layOut(tables);
          const compute = native.bind(layout.buffer);
          native.check(layout.buffer, layout.descriptor);
          layout.run(compute, 1, 0, 5, 0, 6);
          layout.words[layout.words[descriptorWords[name]]! / 4 + 3] = offset;
          expect(() => compute(layout.region)).toThrow('outside the memory');
          expect(() => native.check(layout.buffer, layout.descriptor)).toThrow('outside the memory');
        }
      }
    });

    test('random blocks', () => {
      const compute = accelerator(sets[0]!).bind(new SharedArrayBuffer(16_384));
      expect(() => compute(16_380)).toThrow('block of words');
      expect(() => compute(-8)).toThrow('block of words');
      const word = fc.oneof(
        fc.integer({ min: 0, max: 64 }),
        fc.integer({ min: 0, max: 4_096 }).map((n) => 4 * n),
        fc.constant(irregular),
        fc.integer(),
      );
      fc.assert(
        fc.property(
          fc.array(word, { minLength: 18, maxLength: 18 }),
          fc.array(word, { minLength: 8, maxLength: 8 }),
          (descriptor, block) => {
            const buffer = new SharedArrayBuffer(16_384);
            const words = new Int32Array(buffer);
            descriptor.forEach((value, i) => (words[i] = i < 4 ? value & 63 : value));
            block.forEach((value, i) => (words[32 + i] = i === 0 ? 0 : i < 6 ? value & 63 : value));
            try {
              accelerator(sets[0]!).bind(buffer)(128);
            } catch (error) {
              expect((error as { code?: string }).code).toBe('LAYERBENCH_NATIVE');
            }
          },
        ),
        { numRuns: 500 },
      );
    });
  });
});

function bytesOfResult({ buffer, a, c }: Layout): Buffer {
  return Buffer.from(buffer, c, a - c);
}
