/**
 * Reverse-mode differentiation (Griewank & Walther, Evaluating Derivatives, 2008): appends the backward pass to the
 * program from the ops' gradient rules. Only ops between `wrt` and the loss are visited.
 */
import type { OpDefinition } from '../ops/defineOp.ts';
import { ops } from '../ops/index.ts';
import { formatType } from '../ops/shapes.ts';
import type { Builder, Value } from './builder.ts';
import type { Op, OpName, ValueId } from './program.ts';
import { sumShares } from './sumShares.ts';

/**
 * Gradients of a scalar loss by each value of `wrt`, in the same shapes. A value the loss doesn't depend on, or only
 * through ops without derivative, has gradient 0.
 * @throws Error when the loss is no f32 scalar
 */
export function gradients(b: Builder, loss: Value, wrt: readonly Value[]): Value[] {
  if (loss.shape.length !== 0 || loss.dtype !== 'f32') {
    throw new Error(`gradients: the loss must be a scalar, f32 (), got ${formatType(loss)}`);
  }
  for (const value of wrt) {
    if (value.dtype !== 'f32') throw new Error(`gradients: ${formatType(value)} has no gradient, only f32 values have`);
  }
  const forward = b.ops.slice(0, loss.id + 1);
  const dependent = dependentValues(b, forward, wrt);
  /** Gradients by value from each of its uses, the last use first. */
  const shares = new Map<ValueId, Value[]>([[loss.id, [b.constant(1)]]]);
  for (const op of forward.toReversed()) {
    const own = shares.get(op.output);
    if (own === undefined || !dependent.has(op.output) || !op.inputs.some((id) => dependent.has(id))) continue;
    tagged(b, op.node, () => addInputGradients(b, op, total(b, own), dependent, shares));
  }
  return wrt.map((value) => {
    const own = shares.get(value.id);
    return own === undefined ? b.constant(0, value.shape) : tagged(b, b.opOf(own[0]!).node, () => total(b, own));
  });
}

/** Summed once, however often asked for. */
function total(b: Builder, shares: Value[]): Value {
  const sum = sumShares(b, shares.toReversed());
  shares.splice(0, shares.length, sum);
  return sum;
}

/** Ids of `wrt` and of everything computed from it, up to stopped values. */
function dependentValues(b: Builder, forward: readonly Op[], wrt: readonly Value[]): Set<ValueId> {
  const dependent = new Set(wrt.map((value) => value.id));
  for (const op of forward) {
    if (op.inputs.some((id) => dependent.has(id)) && !b.isStopped(op.output)) dependent.add(op.output);
  }
  return dependent;
}

/** Adds the op's share to the gradient of each of its inputs; several uses of a value add up. */
function addInputGradients(b: Builder, op: Op, gradient: Value, dependent: ReadonlySet<ValueId>, shares: Map<ValueId, Value[]>): void {
  const { gradient: rule } = ops[op.op] as OpDefinition<OpName>;
  if (rule === null) return;
  const inputs = op.inputs.map((id) => b.valueOf(id));
  const rules = rule({ b, attrs: op.attrs, inputs: inputs as never, output: b.valueOf(op.output), gradient });
  inputs.forEach((input, i) => {
    const share = rules[i];
    if (!dependent.has(input.id) || share === null || share === undefined) return;
    const own = shares.get(input.id);
    if (own === undefined) shares.set(input.id, [share()]);
    else own.push(share());
  });
}

function tagged<T>(b: Builder, node: string | undefined, fn: () => T): T {
  return node === undefined ? fn() : b.within(node, fn);
}
