/** Sums or maxima by segment: a unit takes a block of columns through all rows in order, so nothing depends on threads. */
import type { SegmentKernel } from '../../../plan/kernelProgram.ts';
import { floatText } from './writer.ts';

/** No number that any arithmetic gives: marks segments without rows while maxima are taken. */
const emptyBits = 0xffc0dead | 0;

export function emitSegment({ fn, rows, columns, columnBlock, segmentCount }: SegmentKernel, name: string): string {
  const forColumns = (body: string, label: string) => `
    (local.set $c (local.get $c0))
    (block $out${label} (loop $next${label}
      (br_if $out${label} (i32.ge_u (local.get $c) (local.get $c1)))
      ${body}
      (local.set $c (i32.add (local.get $c) (i32.const 1)))
      (br $next${label})))`;
  const at = (base: string, row: string) =>
    `(i32.add (local.get ${base}) (i32.shl (i32.add (i32.mul ${row} (i32.const ${columns})) (local.get $c)) (i32.const 2)))`;
  const forRows = (count: number, label: string, body: string) => `
    (local.set $i (i32.const 0))
    (block $done${label} (loop $row${label}
      (br_if $done${label} (i32.ge_u (local.get $i) (i32.const ${count})))
      ${body}
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br $row${label})))`;
  const start = fn === 'sum' ? `(i32.const 0)` : `(i32.const ${emptyBits})`;
  const add =
    fn === 'sum'
      ? `(f32.store (local.get $o) (f32.add (f32.load (local.get $o)) (f32.load ${at('$values', '(local.get $i)')})))`
      : `(f32.store (local.get $o) (select (f32.load ${at('$values', '(local.get $i)')})
          (f32.max (f32.load (local.get $o)) (f32.load ${at('$values', '(local.get $i)')}))
          (i32.eq (i32.load (local.get $o)) (i32.const ${emptyBits}))))`;
  const finish =
    fn === 'sum'
      ? ''
      : forRows(
          segmentCount,
          'C',
          forColumns(
            `(local.set $o ${at('$out', '(local.get $i)')})
             (if (i32.eq (i32.load (local.get $o)) (i32.const ${emptyBits})) (then (f32.store (local.get $o) (f32.const ${floatText(0)}))))`,
            'C',
          ),
        );
  return `(func ${name} (param $args i32) (param $from i32) (param $to i32)
    (local $values i32) (local $segments i32) (local $out i32) (local $status i32)
    (local $c0 i32) (local $c1 i32) (local $c i32) (local $i i32) (local $s i32) (local $o i32)
    (local.set $values (i32.load offset=0 (local.get $args)))
    (local.set $segments (i32.load offset=4 (local.get $args)))
    (local.set $out (i32.load offset=8 (local.get $args)))
    (local.set $status (i32.load offset=12 (local.get $args)))
    (local.set $c0 (i32.mul (local.get $from) (i32.const ${columnBlock})))
    (local.set $c1 (i32.mul (local.get $to) (i32.const ${columnBlock})))
    (if (i32.gt_u (local.get $c1) (i32.const ${columns})) (then (local.set $c1 (i32.const ${columns}))))
    ${forRows(segmentCount, 'A', forColumns(`(i32.store ${at('$out', '(local.get $i)')} ${start})`, 'A'))}
    ${forRows(
      rows,
      'B',
      `(local.set $s (i32.load (i32.add (local.get $segments) (i32.shl (local.get $i) (i32.const 2)))))
      (if (i32.ge_u (local.get $s) (i32.const ${segmentCount}))
        (then (i32.store offset=4 (local.get $status) (local.get $s)) (i32.store (local.get $status) (i32.const 1)))
        (else ${forColumns(`(local.set $o ${at('$out', '(local.get $s)')}) ${add}`, 'B')}))`,
    )}
    ${finish})`;
}
