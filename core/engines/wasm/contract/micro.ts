/**
 * Micro-kernels of the contraction, as WebAssembly text: one tile of `height` × `4 · vectors` sums held in registers
 * while the depth runs. Twelve accumulators, two vectors of B and one of A fill the 16 registers of a 128-bit machine and
 * hide the latency of its two multiply-add units (Goto & van de Geijn, Anatomy of High-Performance Matrix Multiplication,
 * 2008; Van Zee & van de Geijn, BLIS, 2015).
 *
 * All have the type (param $a $aStep $b $bStep $depth $c $cStep $add i32): addresses and distances in bytes; `$add` ≠ 0
 * adds to what lies at C, otherwise C is overwritten. The sums of an element run over k in order in all of them but `dot`,
 * where four partial sums do.
 */
import type { EmitTarget } from '../kernelFunction.ts';

export const tileHeight = 6;
export const tileVectors = 2;

/** How A and B lie. */
export type MicroKind =
  /** Packed panels: per k `height` numbers of A, then the next k; `4 · vectors` numbers of B. Steps are not read. */
  | 'packed'
  /** A: rows are neighbours, `$aStep` between depths. B: columns are neighbours, `$bStep` between depths. */
  | 'column'
  /** A: depths are neighbours, `$aStep` between rows. B as in `column`. */
  | 'row'
  /** A: packed. B: columns are neighbours; `$bStep` is the address of a table of byte offsets, one per depth. */
  | 'window'
  /** A: as in `row`. B: depths are neighbours, `$bStep` between columns; `vectors` · 4 columns. */
  | 'dot';

export const microType = '(type $micro (func (param i32 i32 i32 i32 i32 i32 i32 i32)))';

const parameters =
  '(type $micro) (param $a i32) (param $aStep i32) (param $b i32) (param $bStep i32) (param $depth i32) (param $c i32) (param $cStep i32) (param $add i32)';

export function microName(kind: MicroKind, height: number, vectors: number): string {
  return `$micro_${kind}_${height}x${4 * vectors}`;
}

export function emitMicro(kind: MicroKind, height: number, vectors: number, { relaxed }: EmitTarget): string {
  const madd = (a: string, b: string, sum: string) =>
    relaxed ? `(f32x4.relaxed_madd ${a} ${b} ${sum})` : `(f32x4.add (f32x4.mul ${a} ${b}) ${sum})`;
  const emit = { packed: emitPacked, column: emitColumn, row: emitRow, window: emitWindow, dot: emitDot }[kind];
  return emit(microName(kind, height, vectors), height, vectors, madd);
}

type Madd = (a: string, b: string, sum: string) => string;

const range = (n: number) => Array.from({ length: n }, (_, i) => i);
const get = (name: string) => `(local.get $${name})`;
const set = (name: string, value: string) => `(local.set $${name} ${value})`;
const advance = (name: string, by: string) => set(name, `(i32.add ${get(name)} ${by})`);
const constant = (n: number) => `(i32.const ${n})`;

function vectorLocals(names: readonly string[]): string {
  return names.map((name) => `(local $${name} v128)`).join(' ');
}

function sums(height: number, vectors: number): string[] {
  return range(height).flatMap((i) => range(vectors).map((j) => `s${i}${j}`));
}

/** One depth: every row of A, spread over a vector, times every vector of B. */
function outerProduct(height: number, vectors: number, madd: Madd, bOffset: number, loadA: (row: number) => string, b = 'b'): string {
  return [
    ...range(vectors).map((j) => set(`b${j}`, `(v128.load offset=${bOffset + 16 * j} ${get(b)})`)),
    ...range(height).flatMap((i) => [
      set('x', loadA(i)),
      ...range(vectors).map((j) => set(`s${i}${j}`, madd(get('x'), get(`b${j}`), get(`s${i}${j}`)))),
    ]),
  ].join('\n');
}

/** Writes the tile; each row's address is the last one's plus `$cStep`. */
function storeTile(height: number, vectors: number): string {
  const each = (body: (i: number, j: number) => string) =>
    range(height)
      .map((i) => [...range(vectors).map((j) => body(i, j)), ...(i + 1 < height ? [advance('c', get('cStep'))] : [])].join('\n'))
      .join('\n');
  const at = (j: number) => `offset=${16 * j} ${get('c')}`;
  return `(if ${get('add')}
    (then ${each((i, j) => `(v128.store ${at(j)} (f32x4.add (v128.load ${at(j)}) ${get(`s${i}${j}`)}))`)})
    (else ${each((i, j) => `(v128.store ${at(j)} ${get(`s${i}${j}`)})`)}))`;
}

/** Runs `body` while `$depth` ≥ `step`, taking `step` off each time. */
function depthLoop(step: number, label: string, body: string): string {
  return `(block $${label}_end (br_if $${label}_end (i32.lt_u ${get('depth')} ${constant(step)}))
    (loop $${label}
      ${body}
      (br_if $${label} (i32.ge_u (local.tee $depth (i32.sub ${get('depth')} ${constant(step)})) ${constant(step)}))))`;
}

function emitPacked(name: string, height: number, vectors: number, madd: Madd): string {
  const aBytes = 4 * height;
  const bBytes = 16 * vectors;
  const depths = (count: number) =>
    [
      ...range(count).map((u) =>
        outerProduct(height, vectors, madd, u * bBytes, (i) => `(v128.load32_splat offset=${u * aBytes + 4 * i} ${get('a')})`),
      ),
      advance('a', constant(count * aBytes)),
      advance('b', constant(count * bBytes)),
    ].join('\n');
  return `(func ${name} ${parameters} ${vectorLocals([...sums(height, vectors), ...range(vectors).map((j) => `b${j}`), 'x'])}
    ${depthLoop(4, 'four', depths(4))}
    ${depthLoop(1, 'one', depths(1))}
    ${storeTile(height, vectors)})`;
}

function emitColumn(name: string, height: number, vectors: number, madd: Madd): string {
  return `(func ${name} ${parameters} ${vectorLocals([...sums(height, vectors), ...range(vectors).map((j) => `b${j}`), 'x'])}
    ${depthLoop(
      1,
      'one',
      [
        outerProduct(height, vectors, madd, 0, (i) => `(v128.load32_splat offset=${4 * i} ${get('a')})`),
        advance('a', get('aStep')),
        advance('b', get('bStep')),
      ].join('\n'),
    )}
    ${storeTile(height, vectors)})`;
}

function emitWindow(name: string, height: number, vectors: number, madd: Madd): string {
  const aBytes = 4 * height;
  const depths = (count: number) =>
    [
      ...range(count).flatMap((u) => [
        set('p', `(i32.add ${get('b')} (i32.load offset=${4 * u} ${get('bStep')}))`),
        outerProduct(height, vectors, madd, 0, (i) => `(v128.load32_splat offset=${u * aBytes + 4 * i} ${get('a')})`, 'p'),
      ]),
      advance('a', constant(count * aBytes)),
      advance('bStep', constant(4 * count)),
    ].join('\n');
  return `(func ${name} ${parameters} (local $p i32) ${vectorLocals([...sums(height, vectors), ...range(vectors).map((j) => `b${j}`), 'x'])}
    ${depthLoop(4, 'four', depths(4))}
    ${depthLoop(1, 'one', depths(1))}
    ${storeTile(height, vectors)})`;
}

/** Addresses of the rows of A: `$a0` is `$a`. */
function rowPointers(height: number): string {
  return range(height)
    .map((i) => set(`a${i}`, i === 0 ? get('a') : `(i32.add ${get(`a${i - 1}`)} ${get('aStep')})`))
    .join('\n');
}

function emitRow(name: string, height: number, vectors: number, madd: Madd): string {
  const depths = (count: number) =>
    [
      ...range(count).flatMap((u) => [
        outerProduct(height, vectors, madd, 0, (i) => `(v128.load32_splat offset=${4 * u} ${get(`a${i}`)})`),
        advance('b', get('bStep')),
      ]),
      ...range(height).map((i) => advance(`a${i}`, constant(4 * count))),
    ].join('\n');
  const pointers = range(height)
    .map((i) => `(local $a${i} i32)`)
    .join(' ');
  return `(func ${name} ${parameters} ${pointers} ${vectorLocals([...sums(height, vectors), ...range(vectors).map((j) => `b${j}`), 'x'])}
    ${rowPointers(height)}
    ${depthLoop(4, 'four', depths(4))}
    ${depthLoop(1, 'one', depths(1))}
    ${storeTile(height, vectors)})`;
}

/** Four partial sums per element, added at the end; each accumulator belongs to one row and one column. */
function emitDot(name: string, height: number, vectors: number, madd: Madd): string {
  const columns = 4 * vectors;
  const accumulators = range(height).flatMap((i) => range(columns).map((j) => `s${i}_${j}`));
  const depths = (bytes: number, load: string) =>
    [
      ...range(height).map((i) => set(`x${i}`, `(${load} ${get(`a${i}`)})`)),
      ...range(columns).flatMap((j) => [
        set('y', `(${load} ${get(`b${j}`)})`),
        ...range(height).map((i) => set(`s${i}_${j}`, madd(get(`x${i}`), get('y'), get(`s${i}_${j}`)))),
      ]),
      ...range(height).map((i) => advance(`a${i}`, constant(bytes))),
      ...range(columns).map((j) => advance(`b${j}`, constant(bytes))),
    ].join('\n');
  // Transposes four accumulators and adds: lane j is the sum of accumulator j.
  const gather = (i: number, v: number) => {
    const s = (j: number) => get(`s${i}_${4 * v + j}`);
    const low = (p: string, q: string) => `(i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 ${p} ${q})`;
    const high = (p: string, q: string) => `(i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 ${p} ${q})`;
    return [
      set('x0', `(f32x4.add ${low(s(0), s(1))} ${high(s(0), s(1))})`),
      set('y', `(f32x4.add ${low(s(2), s(3))} ${high(s(2), s(3))})`),
      set(
        `s${i}${v}`,
        `(f32x4.add (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 ${get('x0')} ${get('y')})
          (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 ${get('x0')} ${get('y')}))`,
      ),
    ].join('\n');
  };
  const pointers = [...range(height).map((i) => `(local $a${i} i32)`), ...range(columns).map((j) => `(local $b${j} i32)`)].join(' ');
  return `(func ${name} ${parameters} ${pointers}
    ${vectorLocals([...accumulators, ...sums(height, vectors), ...range(height).map((i) => `x${i}`), 'y'])}
    ${rowPointers(height)}
    ${range(columns)
      .map((j) => set(`b${j}`, j === 0 ? get('b') : `(i32.add ${get(`b${j - 1}`)} ${get('bStep')})`))
      .join('\n')}
    ${depthLoop(4, 'four', depths(16, 'v128.load'))}
    ${depthLoop(1, 'one', depths(4, 'v128.load32_zero'))}
    ${range(height)
      .flatMap((i) => range(vectors).map((v) => gather(i, v)))
      .join('\n')}
    ${storeTile(height, vectors)})`;
}
