/**
 * `fold` in terms of slices, pads and sums, for engines that have no kernel of their own for it: every tap is moved to
 * where it belongs and all are added up.
 */
import { range } from '../ops/shapes.ts';
import type { Op, OpAttrs, OpName, TensorType, ValueId } from '../program/program.ts';

export interface OpEmitter {
  emit<K extends OpName>(op: K, attrs: OpAttrs[K], inputs: readonly ValueId[]): ValueId;
  typeOf(id: ValueId): TensorType;
}

/** The value that replaces a fold's; undefined for any other op. */
export function expandFold(op: Op, to: OpEmitter): ValueId | undefined {
  if (op.op !== 'fold') return undefined;
  const { axis, length, stride, dilation } = op.attrs;
  const x = op.inputs[0]!;
  const { shape } = to.typeOf(x);
  const [positions, size] = [shape[axis]!, shape[axis + 1]!];
  // Element n = cell · stride + phase; tap t of position p lands in cell p + ⌊t · dilation / stride⌋.
  const cells = Math.ceil(length / stride);
  const cellShape = shape.toSpliced(axis, 2, cells);
  const phases = range(stride).map((phase) => {
    const taps = range(size).filter((tap) => (tap * dilation) % stride === phase);
    const moved = taps.map((tap) => {
      const before = Math.floor((tap * dilation) / stride);
      const own = to.emit('reshape', { shape: shape.toSpliced(axis + 1, 1) }, [
        to.emit('slice', { axis: axis + 1, start: tap, length: 1 }, [x]),
      ]);
      const after = cells - before - positions;
      return before === 0 && after === 0 ? own : to.emit('pad', { axis, before, after, value: 0 }, [own]);
    });
    if (moved.length === 0) return to.emit('constant', { value: 0, shape: cellShape, dtype: 'f32' }, []);
    return moved.reduce((sum, part) => to.emit('binary', { fn: 'add' }, [sum, part]));
  });
  if (stride === 1) return phases[0];
  const separate = phases.map((value) => to.emit('reshape', { shape: cellShape.toSpliced(axis + 1, 0, 1) }, [value]));
  const joined = to.emit('concat', { axis: axis + 1 }, separate);
  const flat = to.emit('reshape', { shape: cellShape.toSpliced(axis, 1, cells * stride) }, [joined]);
  return cells * stride === length ? flat : to.emit('slice', { axis, start: 0, length }, [flat]);
}
