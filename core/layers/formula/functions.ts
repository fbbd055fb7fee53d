/** The functions a formula may use, and its constants. Each is an op or an activation that exists already. */
import type { Builder, Value } from '../../program/builder.ts';
import type { UnaryFn } from '../../program/program.ts';
import * as math from '../activationMath.ts';

export interface FormulaFunction {
  readonly operands: number;
  readonly apply: (b: Builder, ...values: Value[]) => Value;
}

const unary = (fn: UnaryFn): FormulaFunction => ({ operands: 1, apply: (b, x) => b.unary(fn, x!) });
const activation = (apply: (b: Builder, x: Value) => Value): FormulaFunction => ({ operands: 1, apply: (b, x) => apply(b, x!) });

export const functions: ReadonlyMap<string, FormulaFunction> = new Map([
  ...(['abs', 'sign', 'exp', 'log', 'log1p', 'sqrt', 'square', 'tanh', 'sigmoid', 'erf', 'sin', 'cos', 'floor'] as const).map(
    (fn): [string, FormulaFunction] => [fn, unary(fn)],
  ),
  ['relu', activation(math.relu)],
  ['gelu', activation(math.geluExact)],
  ['silu', activation(math.silu)],
  ['mish', activation(math.mish)],
  ['selu', activation(math.selu)],
  ['softplus', activation(math.softplus)],
  ['hardsigmoid', activation(math.hardSigmoid)],
  ['hardswish', activation(math.hardSwish)],
  ['elu', activation((b, x) => math.elu(b, x, 1))],
  ['min', { operands: 2, apply: (b, x, y) => b.minimum(x!, y!) }],
  ['max', { operands: 2, apply: (b, x, y) => b.maximum(x!, y!) }],
  ['clamp', { operands: 3, apply: (b, x, low, high) => b.minimum(b.maximum(x!, low!), high!) }],
  ['where', { operands: 3, apply: (b, condition, yes, no) => b.select(condition!, yes!, no!) }],
]);

export const constants: ReadonlyMap<string, number> = new Map([
  ['pi', Math.PI],
  ['π', Math.PI],
  ['e', Math.E],
]);

/** The name that was probably meant: one letter apart, or the same in other case. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  const candidates = [...known];
  return candidates.find((other) => other.toLowerCase() === name.toLowerCase()) ?? candidates.find((other) => oneEditApart(name, other));
}

function oneEditApart(a: string, b: string): boolean {
  if (Math.min(a.length, b.length) < 3 || Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  const [restA, restB] = [a.slice(start), b.slice(start)];
  const isSwapped = restA.length > 1 && restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2);
  return isSwapped || restA.slice(1) === restB || restA === restB.slice(1) || restA.slice(1) === restB.slice(1);
}
