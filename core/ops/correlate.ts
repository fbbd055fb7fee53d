/**
 * The gradient by the input of a convolution, without the large sums of `fold`: where their gradient is a contraction of
 * something over positions with something over taps, folding overlapping windows is itself a convolution of the one,
 * padded, with the other, flipped (Dumoulin & Visin, A guide to convolution arithmetic, 2016, section 4). With stride s,
 * the elements n = cell · s + phase are s such convolutions, each with every s-th tap: the kernel then has the phase as
 * one more axis of results. Axis after axis, so that a convolution over two axes becomes one contraction again.
 */
import type { Builder, Value } from '../program/builder.ts';
import type { Op, OpAttrs } from '../program/program.ts';
import { elementCount } from './shapes.ts';

/** A contraction whose letters were put into another order, joined and cut: what folding along several axes builds on. */
interface Spread {
  readonly op: Op & { readonly op: 'contract' };
  /** For each axis the letters it is made of: a position, and its phase. */
  readonly axes: readonly string[];
  readonly cuts: readonly OpAttrs['slice'][];
}

/** `fold` of a window's gradient to an axis of `length`, or the equal contraction. */
export function foldOrCorrelate(b: Builder, gradient: Value, window: OpAttrs['window'], length: number): Value {
  const { axis, size, stride, dilation } = window;
  const spread = readSpread(b, gradient);
  // Without overlap there is nothing to sum.
  const overlaps = stride === 1 || (dilation === 1 && size > stride);
  const folded = spread === undefined || !overlaps ? undefined : correlate(b, spread, window, length);
  return folded ?? b.fold(gradient, axis, length, { stride, dilation });
}

/** Undefined where positions and taps don't belong to different operands. */
function correlate(b: Builder, { op, axes, cuts }: Spread, window: OpAttrs['window'], length: number): Value | undefined {
  const { axis, size, stride, dilation } = window;
  const { left, right, out } = op.attrs;
  const [position = '', tap = ''] = [axes[axis], axes[axis + 1]];
  if (position.length !== 1 || tap.length !== 1 || cuts.some((cut) => cut.axis === axis || cut.axis === axis + 1)) return undefined;
  const isSplit = (moving: string, kernel: string) =>
    moving.includes(position) && !moving.includes(tap) && kernel.includes(tap) && !kernel.includes(position);
  const [x, y] = op.inputs.map((id) => b.valueOf(id)) as [Value, Value];
  const sides = isSplit(left, right)
    ? { moving: x, letters: left, kernel: y, kernelLetters: right }
    : isSplit(right, left)
      ? { moving: y, letters: right, kernel: x, kernelLetters: left }
      : undefined;
  if (sides === undefined) return undefined;
  const { moving, letters, kernel, kernelLetters } = sides;

  const cells = Math.ceil(length / stride);
  const taps = Math.ceil(size / stride);
  const phase = stride === 1 ? '' : unusedLetter(`${left}${right}${out}`);
  const kernelAxis = kernelLetters.indexOf(tap);
  const whole = b.pad(kernel, kernelAxis, 0, taps * stride - size);
  // Tap t is number ⌊t / stride⌋ of its phase.
  const byPhase = phase === '' ? whole : b.reshape(whole, kernel.shape.toSpliced(kernelAxis, 1, taps, stride));
  const at = letters.indexOf(position);
  const reach = dilation * (taps - 1);
  const padded = padBelowWindows(b, moving, at, reach, cells - moving.shape[at]!);
  const windows = b.window(padded, at, taps, { dilation });
  const newKernelLetters = kernelLetters.replace(tap, tap + phase);
  const newOut = placePhase(out.replace(tap, ''), position, phase, newKernelLetters);
  const equation = `${letters.replace(position, position + tap)},${newKernelLetters}->${newOut}`;
  const sums = b.contract(equation, windows, b.flip(byPhase, kernelAxis));

  const newAxes = axes.toSpliced(axis, 2, position + phase);
  const order = [...newAxes.join('')];
  const turned = b.transpose(
    sums,
    order.map((letter) => newOut.indexOf(letter)),
  );
  const sizeOf = (letter: string) => sums.shape[newOut.indexOf(letter)]!;
  const joined = b.reshape(
    turned,
    newAxes.map((own) => elementCount([...own].map(sizeOf))),
  );
  const further = cuts.map((cut) => ({ ...cut, axis: cut.axis > axis ? cut.axis - 1 : cut.axis }));
  const own = cells * stride === length ? [] : [{ axis, start: 0, length }];
  return [...further, ...own].reduce((value, cut) => b.slice(value, cut.axis, cut.start, cut.length), joined);
}

/**
 * The phase among the letters of the result: with the kernel's other letters where they stand before the places, so that
 * neighbours stay places; else behind its position, so that neighbours are results of one place.
 */
function placePhase(out: string, position: string, phase: string, kernelLetters: string): string {
  const before = out.slice(0, out.indexOf(position));
  const first = [...before].findIndex((letter) => kernelLetters.includes(letter));
  // The first run of them: taps of axes that are still to come stand further behind.
  const length = [...before.slice(Math.max(first, 0))].findIndex((letter) => !kernelLetters.includes(letter));
  const end = first < 0 ? before.length + 1 : length < 0 ? before.length : first + length;
  return out.slice(0, end) + phase + out.slice(end);
}

function unusedLetter(used: string): string {
  const letter = [...'pqrsuvxyzabcdefghijklmnotwPQRSUVXYZ'].find((free) => !used.includes(free));
  if (letter === undefined) throw new Error('contract: no letter is left');
  return letter;
}

/** Finds the contraction below slices, a reshape that only joins axes, and a transpose. */
function readSpread(b: Builder, value: Value): Spread | undefined {
  const cuts: OpAttrs['slice'][] = [];
  let current = value;
  for (let op = b.opOf(current); op.op === 'slice'; op = b.opOf(current)) {
    cuts.unshift(op.attrs);
    current = b.valueOf(op.inputs[0]!);
  }
  const joined = current.shape;
  if (b.opOf(current).op === 'reshape') current = b.valueOf(b.opOf(current).inputs[0]!);
  const turned = b.opOf(current);
  const apart = current.shape;
  const op = turned.op === 'transpose' ? b.opOf(b.valueOf(turned.inputs[0]!)) : turned;
  if (op.op !== 'contract') return undefined;
  const letters = turned.op === 'transpose' ? turned.attrs.axes.map((axis) => op.attrs.out[axis]!) : [...op.attrs.out];
  let next = 0;
  const axes = joined.map((size) => {
    const start = next++;
    let product = apart[start] ?? 0;
    while (product < size && next < apart.length) product *= apart[next++]!;
    return product === size ? letters.slice(start, next).join('') : '';
  });
  return next === apart.length && !axes.includes('') ? { op, axes, cuts } : undefined;
}

/** Pads before windows along other axes are taken, not after: windows must stay views of something dense. */
function padBelowWindows(b: Builder, x: Value, axis: number, before: number, after: number): Value {
  const op = b.opOf(x);
  if (op.op !== 'window' || axis === op.attrs.axis || axis === op.attrs.axis + 1) return b.pad(x, axis, before, after);
  const { axis: windowed, size, stride, dilation } = op.attrs;
  const padded = padBelowWindows(b, b.valueOf(op.inputs[0]!), axis > windowed ? axis - 1 : axis, before, after);
  return b.window(padded, windowed, size, { stride, dilation });
}

/**
 * `length` elements from `start`; of a contraction over padded windows only what is asked for is computed, with less
 * padding: the gradient of a padded convolution.
 */
export function sliceBelowWindows(b: Builder, x: Value, axis: number, start: number, length: number): Value {
  if (start === 0 && length === x.shape[axis]) return x;
  const op = b.opOf(x);
  if (op.op === 'contract') {
    const { left, right, out } = op.attrs;
    const letter = out[axis]!;
    const [x, y] = op.inputs.map((id) => b.valueOf(id)) as [Value, Value];
    const leads = (side: string, other: string, value: Value) =>
      side.includes(letter) && !other.includes(letter) && b.opOf(value).op === 'window';
    const cut = (side: string, value: Value) => sliceBelowWindows(b, value, side.indexOf(letter), start, length);
    const equation = `${left},${right}->${out}`;
    if (leads(left, right, x)) return b.contract(equation, cut(left, x), y);
    if (leads(right, left, y)) return b.contract(equation, x, cut(right, y));
  }
  if (op.op === 'window' && axis !== op.attrs.axis + 1) {
    const { axis: windowed, size, stride, dilation } = op.attrs;
    const source = b.valueOf(op.inputs[0]!);
    const cut =
      axis === windowed
        ? sliceBelowWindows(b, source, axis, start * stride, (length - 1) * stride + dilation * (size - 1) + 1)
        : sliceBelowWindows(b, source, axis > windowed ? axis - 1 : axis, start, length);
    return b.window(cut, windowed, size, { stride, dilation });
  }
  if (op.op === 'pad') {
    const { axis: padded, before, after, value } = op.attrs;
    const source = b.valueOf(op.inputs[0]!);
    const end = x.shape[axis]! - start - length;
    if (padded !== axis) return b.pad(sliceBelowWindows(b, source, axis, start, length), padded, before, after, value);
    if (start <= before && end <= after) return b.pad(source, axis, before - start, after - end, value);
  }
  return b.slice(x, axis, start, length);
}
