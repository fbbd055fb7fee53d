/**
 * The gradient by the input of a convolution, without the large sums of `fold`: where windows overlap by stride 1 and
 * their gradient is a contraction of something over positions with something over taps, folding it is itself a
 * convolution of the one, padded, with the other, flipped (Dumoulin & Visin, A guide to convolution arithmetic, 2016,
 * section 4). Axis after axis, so that a convolution over two axes becomes one contraction again.
 */
import type { Builder, Value } from '../program/builder.ts';
import type { OpAttrs } from '../program/program.ts';

/** `fold` of a window's gradient to an axis of `length`, or the equal contraction. */
export function foldOrCorrelate(b: Builder, gradient: Value, window: OpAttrs['window'], length: number): Value {
  const { axis, size, stride, dilation } = window;
  const op = b.opOf(gradient);
  if (op.op === 'contract' && stride === 1) {
    const { left, right, out } = op.attrs;
    const position = out[axis]!;
    const tap = out[axis + 1]!;
    const [x, y] = op.inputs.map((id) => b.valueOf(id)) as [Value, Value];
    const reach = dilation * (size - 1);
    /** Σ over taps of `moving` at position n − tap · dilation. */
    const correlate = (moving: Value, letters: string, kernel: Value, kernelLetters: string): Value => {
      const at = letters.indexOf(position);
      const windows = b.window(padBelowWindows(b, moving, at, reach), at, size, { dilation });
      const equation = `${letters.replace(position, position + tap)},${kernelLetters}->${out.replace(tap, '')}`;
      return b.contract(equation, windows, b.flip(kernel, kernelLetters.indexOf(tap)));
    };
    const isSplit = (moving: string, kernel: string) => moving.includes(position) && !moving.includes(tap) && !kernel.includes(position);
    if (isSplit(left, right)) return correlate(x, left, y, right);
    if (isSplit(right, left)) return correlate(y, right, x, left);
  }
  return b.fold(gradient, axis, length, { stride, dilation });
}

/** Pads before windows along other axes are taken, not after: windows must stay views of something dense. */
function padBelowWindows(b: Builder, x: Value, axis: number, amount: number): Value {
  const op = b.opOf(x);
  if (op.op !== 'window' || axis === op.attrs.axis || axis === op.attrs.axis + 1) return b.pad(x, axis, amount, amount);
  const { axis: windowed, size, stride, dilation } = op.attrs;
  const padded = padBelowWindows(b, b.valueOf(op.inputs[0]!), axis > windowed ? axis - 1 : axis, amount);
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
