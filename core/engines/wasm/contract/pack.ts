/**
 * Packing: numbers of A or B that a micro-kernel reads together are laid side by side, whatever their strides were. A
 * panel is `$width` majors (rows of A, columns of B), of which `$valid` exist, over `$depth` depths: number (k, i) goes to
 * `$to + 4 · (k · width + i)`. Majors and depths are found through tables of byte offsets, so transposes, merged axes and
 * windows of convolutions need no copy of their own. Numbers of majors that do not exist are left as they are: their sums are dropped.
 */
import type { HelperFunction } from '../kernelFunction.ts';

/** What lies side by side in the source. */
export type PackKind =
  /** Runs of four depths. */
  | 'Depth'
  /** All majors. */
  | 'Major'
  /** Nothing. */
  | 'Table';

const parameters =
  '(param $from i32) (param $majors i32) (param $depths i32) (param $width i32) (param $valid i32) (param $depth i32) (param $to i32)';

const advance = (name: string, by: string) => `(local.set $${name} (i32.add (local.get $${name}) ${by}))`;
const majorAddress = (i: number) => `(i32.add (local.get $from) (i32.load offset=${4 * i} (local.get $majors)))`;
const numberAddress = (i: number) => `(i32.add (local.get $p${i}) (local.get $offset))`;
const run = (i: number) => `(v128.load ${numberAddress(i)})`;
const shuffle = (lanes: string, a: string, b: string) => `(i8x16.shuffle ${lanes} (local.get $${a}) (local.get $${b}))`;
const lowWords = '0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23';
const highWords = '8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31';
const lowPairs = '0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23';
const highPairs = '8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31';

/** Four majors at a time, number by number; majors that are left over one by one. */
const packTable = `(func $packTable ${parameters}
  (local $target i32) (local $step i32) (local $k i32) (local $end i32) (local $offset i32)
  (local $p0 i32) (local $p1 i32) (local $p2 i32) (local $p3 i32)
  (if (i32.eqz (local.get $depth)) (then (return)))
  (local.set $step (i32.shl (local.get $width) (i32.const 2)))
  (local.set $end (i32.add (local.get $depths) (i32.shl (local.get $depth) (i32.const 2))))
  (block $fewer (loop $four
    (br_if $fewer (i32.lt_u (local.get $valid) (i32.const 4)))
    ${[0, 1, 2, 3].map((i) => `(local.set $p${i} ${majorAddress(i)})`).join(' ')}
    (local.set $target (local.get $to))
    (local.set $k (local.get $depths))
    (loop $numbers
      (local.set $offset (i32.load (local.get $k)))
      (v128.store (local.get $target)
        ${[1, 2, 3].reduce((vector, i) => `(v128.load32_lane ${i} ${numberAddress(i)} ${vector})`, `(v128.load32_zero ${numberAddress(0)})`)})
      ${advance('target', '(local.get $step)')}
      (br_if $numbers (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 4))) (local.get $end))))
    ${advance('majors', '(i32.const 16)')}
    ${advance('to', '(i32.const 16)')}
    (local.set $valid (i32.sub (local.get $valid) (i32.const 4)))
    (br $four)))
  (block $none (loop $single
    (br_if $none (i32.eqz (local.get $valid)))
    (local.set $p0 ${majorAddress(0)})
    (local.set $target (local.get $to))
    (local.set $k (local.get $depths))
    (loop $numbers
      (local.set $offset (i32.load (local.get $k)))
      (i32.store (local.get $target) (i32.load ${numberAddress(0)}))
      ${advance('target', '(local.get $step)')}
      (br_if $numbers (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 4))) (local.get $end))))
    ${advance('majors', '(i32.const 4)')}
    ${advance('to', '(i32.const 4)')}
    (local.set $valid (i32.sub (local.get $valid) (i32.const 1)))
    (br $single))))`;

/** Depth by depth: a run of neighbours, four at a time. */
const packMajor = `(func $packMajor ${parameters}
  (local $i i32) (local $source i32) (local $end i32)
  (local.set $from (i32.add (local.get $from) (i32.load (local.get $majors))))
  (local.set $end (i32.add (local.get $depths) (i32.shl (local.get $depth) (i32.const 2))))
  (local.set $width (i32.shl (local.get $width) (i32.const 2)))
  (if (i32.eqz (local.get $depth)) (then (return)))
  (if (i32.eq (local.get $valid) (i32.const 8)) (then
    (loop $wide
      (local.set $source (i32.add (local.get $from) (i32.load (local.get $depths))))
      (v128.store (local.get $to) (v128.load (local.get $source)))
      (v128.store offset=16 (local.get $to) (v128.load offset=16 (local.get $source)))
      ${advance('to', '(local.get $width)')}
      (br_if $wide (i32.lt_u (local.tee $depths (i32.add (local.get $depths) (i32.const 4))) (local.get $end))))
    (return)))
  (loop $depths
    (local.set $source (i32.add (local.get $from) (i32.load (local.get $depths))))
    (local.set $i (i32.const 0))
    (if (i32.ge_u (local.get $valid) (i32.const 4)) (then
      (v128.store (local.get $to) (v128.load (local.get $source)))
      (local.set $i (i32.const 4))))
    (block $done (loop $rest
      (br_if $done (i32.ge_u (local.get $i) (local.get $valid)))
      (i32.store (i32.add (local.get $to) (i32.shl (local.get $i) (i32.const 2)))
        (i32.load (i32.add (local.get $source) (i32.shl (local.get $i) (i32.const 2)))))
      ${advance('i', '(i32.const 1)')}
      (br $rest)))
    ${advance('to', '(local.get $width)')}
    (br_if $depths (i32.lt_u (local.tee $depths (i32.add (local.get $depths) (i32.const 4))) (local.get $end)))))`;

/** Four majors at a time, transposed four depths at a time; majors that are left over one by one. */
const packDepth = `(func $packDepth ${parameters}
  (local $k i32) (local $target i32) (local $step i32) (local $offset i32)
  (local $p0 i32) (local $p1 i32) (local $p2 i32) (local $p3 i32)
  (local $v0 v128) (local $v1 v128) (local $v2 v128) (local $v3 v128) (local $w0 v128) (local $w1 v128)
  (local.set $step (i32.shl (local.get $width) (i32.const 2)))
  (block $fewer (loop $four
    (br_if $fewer (i32.lt_u (local.get $valid) (i32.const 4)))
    ${[0, 1, 2, 3].map((i) => `(local.set $p${i} ${majorAddress(i)})`).join(' ')}
    (local.set $target (local.get $to))
    (local.set $k (i32.const 0))
    (block $end (loop $transpose
      (br_if $end (i32.gt_u (i32.add (local.get $k) (i32.const 4)) (local.get $depth)))
      (local.set $offset (i32.load (i32.add (local.get $depths) (i32.shl (local.get $k) (i32.const 2)))))
      ${[0, 1, 2, 3].map((i) => `(local.set $v${i} ${run(i)})`).join(' ')}
      (local.set $w0 ${shuffle(lowWords, 'v0', 'v1')})
      (local.set $w1 ${shuffle(lowWords, 'v2', 'v3')})
      (v128.store (local.get $target) ${shuffle(lowPairs, 'w0', 'w1')})
      ${advance('target', '(local.get $step)')}
      (v128.store (local.get $target) ${shuffle(highPairs, 'w0', 'w1')})
      ${advance('target', '(local.get $step)')}
      (local.set $w0 ${shuffle(highWords, 'v0', 'v1')})
      (local.set $w1 ${shuffle(highWords, 'v2', 'v3')})
      (v128.store (local.get $target) ${shuffle(lowPairs, 'w0', 'w1')})
      ${advance('target', '(local.get $step)')}
      (v128.store (local.get $target) ${shuffle(highPairs, 'w0', 'w1')})
      ${advance('target', '(local.get $step)')}
      ${advance('k', '(i32.const 4)')}
      (br $transpose)))
    (block $end (loop $last
      (br_if $end (i32.ge_u (local.get $k) (local.get $depth)))
      (local.set $offset (i32.load (i32.add (local.get $depths) (i32.shl (local.get $k) (i32.const 2)))))
      ${[0, 1, 2, 3].map((i) => `(i32.store offset=${4 * i} (local.get $target) (i32.load (i32.add (local.get $p${i}) (local.get $offset))))`).join('\n')}
      ${advance('target', '(local.get $step)')}
      ${advance('k', '(i32.const 1)')}
      (br $last)))
    ${advance('majors', '(i32.const 16)')}
    ${advance('to', '(i32.const 16)')}
    (local.set $valid (i32.sub (local.get $valid) (i32.const 4)))
    (br $four)))
  (block $none (loop $single
    (br_if $none (i32.eqz (local.get $valid)))
    (local.set $p0 ${majorAddress(0)})
    (local.set $target (local.get $to))
    (local.set $k (i32.const 0))
    (block $end (loop $runs
      (br_if $end (i32.gt_u (i32.add (local.get $k) (i32.const 4)) (local.get $depth)))
      (local.set $offset (i32.load (i32.add (local.get $depths) (i32.shl (local.get $k) (i32.const 2)))))
      (local.set $v0 ${run(0)})
      ${[0, 1, 2, 3].map((lane) => `(v128.store32_lane ${lane} (local.get $target) (local.get $v0)) ${advance('target', '(local.get $step)')}`).join('\n')}
      ${advance('k', '(i32.const 4)')}
      (br $runs)))
    (block $end (loop $last
      (br_if $end (i32.ge_u (local.get $k) (local.get $depth)))
      (local.set $offset (i32.load (i32.add (local.get $depths) (i32.shl (local.get $k) (i32.const 2)))))
      (i32.store (local.get $target) (i32.load (i32.add (local.get $p0) (local.get $offset))))
      ${advance('target', '(local.get $step)')}
      ${advance('k', '(i32.const 1)')}
      (br $last)))
    ${advance('majors', '(i32.const 4)')}
    ${advance('to', '(i32.const 4)')}
    (local.set $valid (i32.sub (local.get $valid) (i32.const 1)))
    (br $single))))`;

const texts: { readonly [K in PackKind]: string } = { Table: packTable, Major: packMajor, Depth: packDepth };

export function packHelper(kind: PackKind): HelperFunction {
  return { name: `$pack${kind}`, text: texts[kind] };
}
