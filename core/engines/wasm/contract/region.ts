/**
 * One region of a contraction, as WebAssembly text: blocks of depth, columns and rows, so that what the innermost loops
 * read again lies in a near cache (Goto & van de Geijn 2008); operands packed or read where they lie.
 */
import type { EmitTarget, HelperFunction } from '../kernelFunction.ts';
import { columnRunWord, descriptorWords, regionWords } from './descriptor.ts';
import { emitMicro, microName, microType, tileHeight, type MicroKind } from './micro.ts';
import { packHelper, type PackKind } from './pack.ts';

/** How A is read: its depths are neighbours, its rows are neighbours, or through packed panels. */
export type AMode = 'row' | 'column' | `pack${PackKind}`;
/** How B is read: its columns are neighbours, or are so in runs, its depths are neighbours, or through packed panels. */
export type BMode = 'direct' | 'window' | 'dot' | `pack${PackKind}`;

export interface Method {
  readonly a: AMode;
  readonly b: BMode;
}

/** Depths summed in registers before they are added to C; a multiple of 4. */
export const depthBlock = 256;
/** Rows of a packed block of A, columns of a packed block of B. */
const rowBlock = 96;
const columnBlock = 256;

/** This thread's scratch, from `(global.get $scratch)`, in bytes. */
export const scratchOffsets = {
  region: 0,
  /** A tile of which only some columns exist. */
  edge: 64,
  a: 512,
  b: 512 + rowBlock * depthBlock * 4,
  tile: 512 + (rowBlock + columnBlock) * depthBlock * 4,
} as const;

export function methodName({ a, b }: Method): string {
  return `${a}_${b}`;
}

export function isPacked(mode: AMode | BMode): mode is `pack${PackKind}` {
  return mode.startsWith('pack');
}

function microKind({ a, b }: Method): MicroKind {
  if (b === 'dot' || b === 'window') return b;
  if (a === 'row') return 'row';
  return isPacked(a) && isPacked(b) ? 'packed' : 'column';
}

/** Tile widths in columns, widest first, and heights. `dot` has few registers for addresses. */
function tiles(method: Method): { widths: readonly number[]; height: number } {
  return microKind(method) === 'dot' ? { widths: [4], height: 2 } : { widths: [8, 4], height: tileHeight };
}

const get = (name: string) => `(local.get $${name})`;
const set = (name: string, value: string) => `(local.set $${name} ${value})`;
const add = (...terms: string[]): string => terms.reduce((sum, term) => `(i32.add ${sum} ${term})`);
const sub = (a: string, b: string) => `(i32.sub ${a} ${b})`;
const mul = (a: string, b: string) => `(i32.mul ${a} ${b})`;
const constant = (n: number) => `(i32.const ${n})`;
const times4 = (a: string) => `(i32.shl ${a} (i32.const 2))`;
const min = (a: string, b: string) => `(select ${a} ${b} (i32.lt_u ${a} ${b}))`;
const scratch = (offset: number) => `(i32.add (global.get $scratch) (i32.const ${offset}))`;
const word = (name: keyof typeof descriptorWords) => `(i32.load offset=${4 * descriptorWords[name]} ${get('d')})`;
const field = (name: keyof typeof regionWords) => `(i32.load offset=${4 * regionWords[name]} ${get('block')})`;
const tableEntry = (table: string, index: string) => `(i32.load ${add(table, times4(index))})`;

/** for (name = from; name < to; name += step), at least once if `once`. */
function loop(name: string, from: string, to: string, step: string, body: string): string {
  return `${set(name, from)}
  (block $${name}_end (loop $${name}_next
    (br_if $${name}_end (i32.ge_u ${get(name)} ${to}))
    ${body}
    ${set(name, add(get(name), step))}
    (br $${name}_next)))`;
}

/** Calls the micro-kernel of `$height` rows. */
function emitTileSwitch(kind: MicroKind, width: number, height: number): HelperFunction {
  const name = `$tile_${kind}_${width}`;
  const parameters = ['height', 'a', 'aStep', 'b', 'bStep', 'depth', 'c', 'cStep', 'add'];
  const call = (h: number) => `(call ${microName(kind, h, width / 4)} ${parameters.slice(1).map(get).join(' ')})`;
  const tests = Array.from({ length: height }, (_, i) => height - i).map(
    (h) => `(if (i32.eq ${get('height')} ${constant(h)}) (then ${call(h)} (return)))`,
  );
  return { name, text: `(func ${name} ${parameters.map((p) => `(param $${p} i32)`).join(' ')} ${tests.join('\n')})` };
}

/** Copies, or adds, the existing columns of the edge tile. */
const storeEdge: HelperFunction = {
  name: '$store_edge',
  text: `(func $store_edge (param $from i32) (param $c i32) (param $cStep i32) (param $height i32) (param $valid i32) (param $add i32)
  (local $j i32) (local $p i32)
  (loop $rows
    (local.set $j (i32.const 0))
    (loop $columns
      (local.set $p ${add(get('c'), times4(get('j')))})
      (f32.store (local.get $p) (f32.add
        (f32.load ${add(get('from'), times4(get('j')))})
        (if (result f32) (local.get $add) (then (f32.load (local.get $p))) (else (f32.const -0)))))
      (br_if $columns (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 1))) (local.get $valid))))
    (local.set $from ${add(get('from'), constant(32))})
    (local.set $c ${add(get('c'), get('cStep'))})
    (br_if $rows (local.tee $height (i32.sub (local.get $height) (i32.const 1))))))`,
};

/** Everything `(call $region_<method> block)` needs, the function itself last. */
export function regionHelpers(method: Method, target: EmitTarget): HelperFunction[] {
  const kind = microKind(method);
  const { widths, height } = tiles(method);
  const micros = widths.flatMap((width) =>
    Array.from({ length: height }, (_, i) => ({
      name: microName(kind, i + 1, width / 4),
      text: emitMicro(kind, i + 1, width / 4, target),
    })),
  );
  const packs = [method.a, method.b].filter(isPacked).map((mode) => packHelper(mode.slice(4) as PackKind));
  return [
    { name: '$micro', text: microType },
    ...micros,
    ...packs,
    ...widths.map((width) => emitTileSwitch(kind, width, height)),
    storeEdge,
    { name: `$region_${methodName(method)}`, text: emitRegion(method, kind, height) },
  ];
}

function emitRegion(method: Method, kind: MicroKind, height: number): string {
  const { a, b } = method;
  const isDot = kind === 'dot';
  const step = isDot ? 4 : 8;
  const panel = (base: number, start: string, origin: string) => add(scratch(base), times4(mul(sub(start, origin), get('kc'))));
  const packCall = (mode: string, base: string, majors: string, depths: string, start: string, width: string, valid: string, to: string) =>
    `(call $${mode} ${base} ${add(majors, times4(start))} ${add(depths, times4(get('k0')))} ${width} ${valid} ${get('kc')} ${to})`;

  // Tiles don't reach over the end of a run.
  const run = `(i32.load offset=${4 * columnRunWord} ${get('d')})`;
  const columnsLeft = b === 'window' ? min(sub(get('je'), get('j')), sub(run, `(i32.rem_u ${get('j')} ${run})`)) : sub(get('je'), get('j'));
  const tileWidth = isDot
    ? set('w', constant(4))
    : `${set('w', `(select (i32.const 8) (i32.const 4) (i32.gt_u ${get('left')} (i32.const 4)))`)}`;
  const valid = set('valid', min(get('left'), get('w')));
  // Tiles of a block differ in height by one row at most: `high` of height `h1`, then height h1 − 1.
  const splitRows = [
    set('tileCount', `(i32.div_u ${add(sub(get('ie'), get('ic')), constant(height - 1))} ${constant(height)})`),
    set('h1', `(i32.div_u ${sub(add(sub(get('ie'), get('ic')), get('tileCount')), constant(1))} ${get('tileCount')})`),
    set('highEnd', add(get('ic'), mul(get('h1'), sub(sub(get('ie'), get('ic')), mul(get('tileCount'), sub(get('h1'), constant(1))))))),
  ].join('\n');
  const tileRows = set('h', `(select ${get('h1')} ${sub(get('h1'), constant(1))} (i32.lt_u ${get('i')} ${get('highEnd')}))`);

  const packB = isPacked(b)
    ? loop(
        'j',
        get('jc'),
        get('je'),
        constant(8),
        `${set('left', columnsLeft)} ${tileWidth} ${valid}
        ${packCall(b, get('bBase'), word('bColumnTable'), word('bDepthTable'), get('j'), get('w'), get('valid'), panel(scratchOffsets.b, get('j'), get('jc')))}`,
      )
    : '';
  const packA = isPacked(a)
    ? loop(
        'i',
        get('ic'),
        get('ie'),
        get('h'),
        `${tileRows}
        ${packCall(a, get('aBase'), word('aRowTable'), word('aDepthTable'), get('i'), get('h'), get('h'), panel(scratchOffsets.a, get('i'), get('ic')))}`,
      )
    : '';
  const aAddress = isPacked(a)
    ? panel(scratchOffsets.a, get('i'), get('ic'))
    : a === 'row'
      ? add(get('aBase'), mul(get('i'), get('aStep')), times4(get('k0')))
      : add(get('aBase'), times4(get('i')), mul(get('k0'), get('aStep')));
  const aStep = isPacked(a) ? times4(get('h')) : get('aStep');
  const bAddress = isPacked(b)
    ? panel(scratchOffsets.b, get('j'), get('jc'))
    : b === 'dot'
      ? add(get('bBase'), mul(get('j'), get('bStep')), times4(get('k0')))
      : b === 'window'
        ? add(get('bBase'), tableEntry(word('bColumnTable'), get('j')))
        : add(get('bBase'), times4(get('j')), mul(get('k0'), get('bStep')));
  const bStep = isPacked(b) ? times4(get('w')) : b === 'window' ? add(word('bDepthTable'), times4(get('k0'))) : get('bStep');

  const tile = (width: number, c: string, cStep: string, adding: string) =>
    `(call $tile_${kind}_${width} ${get('h')} ${get('ap')} ${aStep} ${get('bp')} ${bStep} ${get('kc')} ${c} ${cStep} ${adding})`;
  const tileOfWidth = (c: string, cStep: string, adding: string) =>
    isDot
      ? tile(4, c, cStep, adding)
      : `(if (i32.eq ${get('w')} ${constant(8)}) (then ${tile(8, c, cStep, adding)}) (else ${tile(4, c, cStep, adding)}))`;

  const overRows = loop(
    'i',
    get('ic'),
    get('ie'),
    get('h'),
    `${tileRows}
    ${set('ap', aAddress)}
    ${set('cp', add(get('c'), mul(sub(get('i'), get('rowStart')), get('cStep')), times4(sub(get('j'), get('columnStart')))))}
    (if (i32.eq ${get('valid')} ${get('w')})
      (then ${tileOfWidth(get('cp'), get('cStep'), get('k0'))})
      (else
        ${tileOfWidth(scratch(scratchOffsets.edge), constant(32), constant(0))}
        (call $store_edge ${scratch(scratchOffsets.edge)} ${get('cp')} ${get('cStep')} ${get('h')} ${get('valid')} ${get('k0')})))`,
  );
  // The last tile of `dot` reaches back over its neighbour: no address beyond the last column is ever read.
  const columnStart = isDot
    ? `(if (i32.gt_u ${add(get('j'), constant(4))} ${get('je')}) (then ${set('j', sub(get('je'), constant(4)))}))`
    : '';
  const overColumns = loop(
    'j',
    get('jc'),
    get('je'),
    b === 'window' ? get('valid') : constant(step),
    `${columnStart} ${set('left', columnsLeft)} ${tileWidth} ${valid}
    ${set('bp', bAddress)}
    ${overRows}`,
  );
  const overBlocks = loop(
    'jc',
    get('columnStart'),
    get('columnEnd'),
    constant(columnBlock),
    `${set('je', isDot ? get('columnEnd') : min(add(get('jc'), constant(columnBlock)), get('columnEnd')))}
    ${packB}
    ${loop(
      'ic',
      get('rowStart'),
      get('rowEnd'),
      constant(rowBlock),
      `${set('ie', min(add(get('ic'), constant(rowBlock)), get('rowEnd')))}
      ${splitRows}
      ${packA}
      ${overColumns}`,
    )}
    ${isDot ? set('jc', get('columnEnd')) : ''}`,
  );
  const locals =
    'd depth k0 kc aBase bBase aStep bStep c cStep rowStart rowEnd columnStart columnEnd jc je ic ie j i w left valid h h1 highEnd tileCount ap bp cp';
  const strideOf = {
    aStep: a === 'row' ? word('aRowStride') : word('aDepthStride'),
    bStep: b === 'dot' ? word('bColumnStride') : word('bDepthStride'),
  };
  return `(func $region_${methodName(method)} (param $block i32)
  ${locals
    .split(' ')
    .map((name) => `(local $${name} i32)`)
    .join(' ')}
  ${set('d', field('descriptor'))}
  ${set('depth', word('depth'))}
  ${set('aBase', add(word('a'), tableEntry(word('aBatchTable'), field('batchIndex'))))}
  ${set('bBase', add(word('b'), tableEntry(word('bBatchTable'), field('batchIndex'))))}
  ${set('aStep', strideOf.aStep)}
  ${set('bStep', strideOf.bStep)}
  ${set('c', field('c'))}
  ${set('cStep', field('cRowStride'))}
  ${set('rowStart', field('rowStart'))}
  ${set('rowEnd', field('rowEnd'))}
  ${set('columnStart', field('columnStart'))}
  ${set('columnEnd', field('columnEnd'))}
  (loop $depth_next
    ${set('kc', isDot ? get('depth') : min(sub(get('depth'), get('k0')), constant(depthBlock)))}
    ${overBlocks}
    (br_if $depth_next (i32.lt_u (local.tee $k0 ${add(get('k0'), get('kc'))}) ${get('depth')}))))`;
}
