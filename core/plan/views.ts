/**
 * Which values need no memory of their own. A reshape is its input under another shape. A value that is the same in
 * every element (a constant, the learning rate spread over a weight) is stored as one element as long as only
 * elementwise ops and views read it.
 */
import type { Op, OpName, Program, ValueId } from '../program/program.ts';
import { elementCount } from '../ops/shapes.ts';

export interface Views {
  /** The value whose memory a value shares; itself if it has its own. */
  rootOf(id: ValueId): ValueId;
  /** Stored elements: all of the shape, or 1 that stands for all. */
  countOf(id: ValueId): number;
}

export function isElementwise(op: OpName): boolean {
  return op === 'unary' || op === 'binary' || op === 'select' || op === 'cast';
}

export function findViews({ ops, values, assignments }: Program): Views {
  const uniform = new Set<ValueId>();
  for (const op of ops) if (isUniform(op, uniform, (id) => elementCount(values[id]!.shape))) uniform.add(op.output);

  // From the last op backwards, so that a reshape's fate is known before its input's.
  const expanded = new Set<ValueId>();
  for (const { value } of assignments) expanded.add(value);
  for (const op of ops.toReversed()) {
    if (isElementwise(op.op) || op.op === 'broadcast') continue;
    if (op.op === 'reshape' && !expanded.has(op.output)) continue;
    for (const input of op.inputs) expanded.add(input);
  }
  // A view is only as compact as what it views.
  const compact = new Set<ValueId>();
  const countOf = (id: ValueId) => (compact.has(id) ? 1 : elementCount(values[id]!.shape));
  const roots = new Map<ValueId, ValueId>();
  for (const op of ops) {
    const seesOne = (op.op !== 'reshape' && op.op !== 'broadcast') || countOf(op.inputs[0]!) === 1;
    if (uniform.has(op.output) && !expanded.has(op.output) && seesOne) compact.add(op.output);
    const isView = op.op === 'reshape' || (op.op === 'broadcast' && compact.has(op.output));
    roots.set(op.output, isView ? roots.get(op.inputs[0]!)! : op.output);
  }
  return { rootOf: (id) => roots.get(id)!, countOf };
}

/** Whether every element is certainly the same. */
function isUniform(op: Op, uniform: ReadonlySet<ValueId>, countOf: (id: ValueId) => number): boolean {
  if (op.op === 'constant') return true;
  const single = op.inputs.length > 0 && op.inputs.every((id) => uniform.has(id) || countOf(id) === 1);
  if (op.op === 'broadcast') return single;
  return (isElementwise(op.op) || op.op === 'reshape') && op.inputs.length > 0 && op.inputs.every((id) => uniform.has(id));
}
