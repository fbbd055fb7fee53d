/** Sums, maxima and places of maxima: totals per lane and copy, and how they become one in an order that never changes. */
import type { DType } from '../../../program/program.ts';
import { beats } from './expressions.ts';
import type { Writer } from './writer.ts';

type Reduction = 'sum' | 'max' | 'argmax';

/** Locals, one per copy. */
export interface Totals {
  readonly best: readonly string[];
  /** Of argmax: where. */
  readonly index: readonly string[];
}

export interface Addend {
  readonly value: string;
  /** Of argmax: where the value is. */
  readonly index?: string;
  /** Where the value is a product: its factors. */
  readonly factors?: readonly [string, string];
  /** One element, which all lanes hold. */
  readonly isSingle: boolean;
}

const nowhere = 0x7fffffff;
const lowestInteger = -(2 ** 31);

export function startTotals(w: Writer, fn: Reduction, dtype: DType, copies: number): Totals {
  const lowest = dtype === 'f32' ? w.f32(-Infinity) : w.i32(lowestInteger);
  const make = (text: string) =>
    Array.from({ length: copies }, () => {
      const name = w.local('v128', 'a');
      w.line(`(local.set ${name} ${text})`);
      return name;
    });
  return { best: make(fn === 'sum' ? w.i32(0) : lowest), index: fn === 'argmax' ? make(w.i32(nowhere)) : [] };
}

export function addTo(w: Writer, fn: Reduction, dtype: DType, { best, index }: Totals, copy: number, addend: Addend): void {
  const { value, factors, isSingle } = addend;
  const name = best[copy]!;
  const total = `(local.get ${name})`;
  if (fn === 'argmax') {
    const better = w.keep('v128', beats(dtype, value, total));
    w.line(`(local.set ${name} (v128.bitselect ${value} ${total} ${better}))`);
    w.line(`(local.set ${index[copy]!} (v128.bitselect ${addend.index!} (local.get ${index[copy]!}) ${better}))`);
  } else if (fn === 'max') {
    w.line(`(local.set ${name} (${dtype === 'f32' ? 'f32x4.max' : 'i32x4.max_s'} ${total} ${value}))`);
  } else if (factors !== undefined && w.relaxed && dtype === 'f32' && !isSingle) {
    w.line(`(local.set ${name} (f32x4.relaxed_madd ${factors[0]} ${factors[1]} ${total}))`);
  } else {
    const own = isSingle ? `(v128.and ${value} ${w.firstLane()})` : value;
    w.line(`(local.set ${name} (${dtype === 'f32' ? 'f32x4.add' : 'i32x4.add'} ${total} ${own}))`);
  }
}

/** One value per row: copies, then lanes where the lanes hold parts of one row. Gives expressions, one per copy that stays. */
export function finishTotals(w: Writer, fn: Reduction, dtype: DType, { best, index }: Totals, acrossLanes: boolean): string[] {
  const get = (name: string | undefined) => (name === undefined ? '' : `(local.get ${name})`);
  // Where everything is the lowest number, the first index.
  const settle = (place: string) => w.keep('v128', `(v128.bitselect ${w.i32(0)} ${place} (i32x4.eq ${place} ${w.i32(nowhere)}))`);
  if (!acrossLanes) return fn === 'argmax' ? index.map((name) => settle(get(name))) : best.map(get);

  type Total = readonly [value: string, index: string];
  const meet = (a: Total, b: Total): Total => {
    if (fn !== 'argmax') {
      const joint = fn === 'sum' ? 'add' : dtype === 'f32' ? 'max' : 'max_s';
      return [w.keep('v128', `(${dtype === 'f32' ? 'f32x4' : 'i32x4'}.${joint} ${a[0]} ${b[0]})`), ''];
    }
    // Greater, or as great and before.
    const isBefore = `(v128.andnot (i32x4.lt_s ${b[1]} ${a[1]}) ${beats(dtype, a[0], b[0])})`;
    const wins = w.keep('v128', `(v128.or ${beats(dtype, b[0], a[0])} ${isBefore})`);
    return [w.keep('v128', `(v128.bitselect ${b[0]} ${a[0]} ${wins})`), w.keep('v128', `(v128.bitselect ${b[1]} ${a[1]} ${wins})`)];
  };
  let all = best.map((name, i): Total => [get(name), get(index[i])]);
  while (all.length > 1) {
    all = all.flatMap((total, i) => (i % 2 === 1 ? [] : [all[i + 1] === undefined ? total : meet(total, all[i + 1]!)]));
  }
  let [total] = all as [Total];
  for (const order of ['8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7', '4 5 6 7 0 1 2 3 12 13 14 15 8 9 10 11']) {
    const turn = (x: string) => (x === '' ? '' : w.keep('v128', `(i8x16.shuffle ${order} ${x} ${x})`));
    total = meet(total, [turn(total[0]), turn(total[1])]);
  }
  return [fn === 'argmax' ? settle(total[1]) : total[0]];
}
