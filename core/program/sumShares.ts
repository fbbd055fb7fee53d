/**
 * Sums of the gradients that a value gets from its several uses. An unrolled recurrence uses its weights and its projected
 * inputs once per step; summed one by one that would be T small contractions and T passes over all steps. So
 *
 *   pads that lie side by side (the gradients of slices)   become one concatenation,
 *   contractions by one equation (the gradients of a weight) become one contraction that also sums over the steps.
 */
import { sameShape } from '../ops/shapes.ts';
import type { Builder, Value } from './builder.ts';
import type { Op, OpAttrs } from './program.ts';

/** Fewer contractions than this are added up: joining copies their operands. */
const fewestJoined = 4;

/** Shares in the order of the ops that use the value; at least one. */
export function sumShares(b: Builder, shares: readonly Value[]): Value {
  if (shares.length === 1) return shares[0]!;
  const parts = joinContractions(b, joinPads(b, shares));
  return parts.reduce((sum, part) => b.add(sum, part));
}

type OpOf<K extends Op['op']> = Extract<Op, { op: K }>;

/** Zero pads along one axis that together cover all of it, once: a concatenation. All others stay as they are. */
function joinPads(b: Builder, shares: readonly Value[]): readonly Value[] {
  const pads = shares.map((share) => b.opOf(share)).filter((op): op is OpOf<'pad'> => op.op === 'pad' && op.attrs.value === 0);
  const axis = pads[0]?.attrs.axis;
  if (axis === undefined || pads.length < 2 || pads.length < shares.length || pads.some((op) => op.attrs.axis !== axis)) return shares;
  const sorted = pads.toSorted((p, q) => p.attrs.before - q.attrs.before);
  const sources = sorted.map((op) => b.valueOf(op.inputs[0]!));
  const parts: Value[] = [];
  let covered = 0;
  for (const [i, source] of sources.entries()) {
    const { before } = sorted[i]!.attrs;
    if (before < covered) return shares;
    if (before > covered) parts.push(b.constant(0, source.shape.with(axis, before - covered)));
    parts.push(source);
    covered = before + source.shape[axis]!;
  }
  const rest = shares[0]!.shape[axis]! - covered;
  if (rest > 0) parts.push(b.constant(0, sources[0]!.shape.with(axis, rest)));
  return [b.concat(parts, axis)];
}

/** Σ left · right over t, as one contraction of the stacked operands. */
function joinContractions(b: Builder, shares: readonly Value[]): readonly Value[] {
  const groups = new Map<string, { share: Value; left: Value; right: Value; attrs: OpAttrs['contract'] }[]>();
  const others: Value[] = [];
  for (const share of shares) {
    const op = b.opOf(share);
    const [left, right] = op.inputs.map((id) => b.valueOf(id));
    // Windows are views of something far smaller: stacked they would have to be written out.
    if (op.op !== 'contract' || left === undefined || right === undefined || [left, right].some((side) => b.opOf(side).op === 'window')) {
      others.push(share);
      continue;
    }
    const { attrs } = op;
    const key = `${attrs.left},${attrs.right}->${attrs.out} ${left.shape.join()} ${right.shape.join()}`;
    groups.set(key, [...(groups.get(key) ?? []), { share, left, right, attrs }]);
  }
  for (const group of groups.values()) {
    const { left, right, out } = group[0]!.attrs;
    const step = [...'tsuvwxyzTSUVWXYZ'].find((letter) => !`${left}${right}`.includes(letter));
    if (group.length < fewestJoined || step === undefined) {
      others.push(...group.map(({ share }) => share));
      continue;
    }
    const stack = (side: 'left' | 'right') =>
      b.concat(
        group.map((entry) => unsqueezed(b, entry[side])),
        0,
      );
    others.push(b.contract(`${step}${left},${step}${right}->${out}`, stack('left'), stack('right')));
  }
  return others;
}

/** (1, ...x). Where x is such a reshape of it already, that one: so equal stacks are found to be equal. */
function unsqueezed(b: Builder, x: Value): Value {
  const shape = [1, ...x.shape];
  const op = b.opOf(x);
  const source = op.op === 'reshape' && !b.isStopped(x.id) ? b.valueOf(op.inputs[0]!) : undefined;
  return source !== undefined && sameShape(source.shape, shape) ? source : b.reshape(x, shape);
}
