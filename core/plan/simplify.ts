/** Rewrites of a program before memory is planned. Ops are pure within a step, so equal ops on equal inputs are equal. */
import type { Assignment, Op, Program, ValueId } from '../program/program.ts';

/** Common subexpressions become one, then ops no assignment depends on go. Value ids stay; unused ones have no op. */
export function simplify(program: Program): Program {
  return dropDeadOps(mergeEqualOps(program));
}

/** Random ops differ by their stream, so two of them are never equal. */
export function mergeEqualOps(program: Program): Program {
  const seen = new Map<string, ValueId>();
  const replacement = new Map<ValueId, ValueId>();
  const resolve = (id: ValueId) => replacement.get(id) ?? id;
  const ops: Op[] = [];
  for (const op of program.ops) {
    const inputs = op.inputs.map(resolve);
    const key = `${op.op} ${inputs.join(' ')} ${JSON.stringify(op.attrs, exactNumbers)}`;
    const earlier = seen.get(key);
    if (earlier === undefined) {
      seen.set(key, op.output);
      ops.push({ ...op, inputs } as Op);
    } else {
      replacement.set(op.output, earlier);
    }
  }
  const assignments = program.assignments.map((assignment): Assignment => ({ ...assignment, value: resolve(assignment.value) }));
  return { ...program, ops, assignments };
}

export function dropDeadOps(program: Program): Program {
  const needed = new Set(program.assignments.map((assignment) => assignment.value));
  const ops = program.ops.toReversed().filter((op) => {
    if (!needed.has(op.output)) return false;
    for (const input of op.inputs) needed.add(input);
    return true;
  });
  return { ...program, ops: ops.reverse() };
}

/** JSON has no NaN, no infinities and no −0, which differ as constants. */
function exactNumbers(_key: string, value: unknown): unknown {
  if (typeof value !== 'number') return value;
  return Object.is(value, -0) ? '-0' : Number.isFinite(value) ? value : String(value);
}
