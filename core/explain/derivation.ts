/**
 * Why a number has the gradient it has. dL/dv[e] is the sum, over the named values u that v[e] reaches next, of the local
 * derivative du[k]/dv[e] times the gradient dL/du[k] that arrives there (the chain rule; Goodfellow, Bengio, Courville:
 * Deep Learning, 2016, section 6.5.2). Each term can be followed further, up to the loss, whose gradient is 1.
 */
import type { Op, ValueId } from '../program/program.ts';
import { factorAt, type Factor, type Place } from './composition.ts';
import type { Explanation, NamedValue } from './explanation.ts';
import { localDerivatives, type Operand } from './localDerivatives.ts';
import type { Recording } from './record.ts';

export interface DerivationTerm {
  /** The value that is reached next, and its element. */
  readonly value: ValueId;
  readonly name: NamedValue;
  readonly element: number;
  /** What stands there. */
  readonly number: number;
  /** du[k]/dv[e] */
  readonly local: number;
  /** The named number that the local derivative is: of a weight, the input it is multiplied with. */
  readonly localIs?: Factor;
  /** dL/du[k] */
  readonly incoming: number;
  readonly product: number;
}

export interface Derivation {
  /** dL/dv[e], as the backward pass found it. */
  readonly gradient: number;
  /** What stands in v[e]. */
  readonly number: number;
  /** The largest products first. */
  readonly terms: readonly DerivationTerm[];
  readonly termCount: number;
  /** Sum of all products; equal to the gradient up to rounding. */
  readonly sum: number;
}

export interface DerivationRequest {
  readonly value: ValueId;
  readonly element: number;
  /** How many terms are listed; default 12. */
  readonly limit?: number;
}

export function derive(explanation: Explanation, recording: Recording, { value, element, limit = 12 }: DerivationRequest): Derivation {
  const { gradients, loss } = explanation;
  const gradient = gradients.get(value);
  const number = recording.dataOf(value)[element]!;
  const gradientAt = gradient === undefined ? 0 : recording.dataOf(gradient)[element]!;
  if (value === loss) return { gradient: 1, number, terms: [], termCount: 0, sum: 1 };
  const terms: DerivationTerm[] = [];
  for (const [id, derivatives] of reach(explanation, recording, value, element)) {
    const own = gradients.get(id);
    if (own === undefined) continue;
    const [numbers, incoming] = [recording.dataOf(id), recording.dataOf(own)];
    for (const [at, { local, from }] of derivatives) {
      const arriving = incoming[at]!;
      const name = explanation.named.get(id)!;
      const localIs = from && factorAt(explanation, recording, from);
      const named = localIs?.name === undefined ? {} : { localIs };
      terms.push({ value: id, name, element: at, number: numbers[at]!, local, ...named, incoming: arriving, product: local * arriving });
    }
  }
  terms.sort((a, b) => Math.abs(b.product) - Math.abs(a.product));
  const sum = terms.reduce((total, { product }) => total + product, 0);
  return { gradient: gradientAt, number, terms: terms.slice(0, limit), termCount: terms.length, sum };
}

/** The named values that one element reaches first on every path, and its derivative there. */
function reach(
  { program, named, loss, isStopped }: Explanation,
  recording: Recording,
  value: ValueId,
  element: number,
): Map<ValueId, Derivatives> {
  const reached = new Map<ValueId, Derivatives>();
  const pending = new Map<ValueId, Derivatives>([[value, new Map([[element, { local: 1 }]])]]);
  const operandOf = (id: ValueId): Operand => ({
    type: program.values[id]!,
    data: recording.dataOf(id),
    isConstant: program.ops[id]!.op === 'constant',
  });
  for (const op of program.ops.slice(value + 1, loss + 1)) {
    if (!op.inputs.some((id) => pending.has(id)) || isStopped(op.output)) continue;
    const result = follow(op, pending, operandOf);
    if (result.size === 0) continue;
    if (named.has(op.output)) reached.set(op.output, result);
    else pending.set(op.output, result);
  }
  return reached;
}

interface Reached {
  readonly local: number;
  /** Whose number the derivative is, where it is one. */
  readonly from?: Place;
}

type Derivatives = ReadonlyMap<number, Reached>;

function follow(op: Op, pending: ReadonlyMap<ValueId, Derivatives>, operandOf: (id: ValueId) => Operand): Derivatives {
  const result = new Map<number, Reached>();
  const inputs = op.inputs.map(operandOf);
  const output = operandOf(op.output);
  op.inputs.forEach((id, port) => {
    for (const [element, { local: outer, from }] of pending.get(id) ?? []) {
      for (const [at, local, other] of localDerivatives(op, inputs, output, port, element)) {
        const known = result.get(at);
        const factor = other === undefined ? undefined : { value: op.inputs[1 - port]!, element: other };
        // A product of two derivatives is nobody's number, and neither is a sum.
        const own =
          known !== undefined ? undefined : outer === 1 ? (factor ?? (local === 1 ? from : undefined)) : local === 1 ? from : undefined;
        result.set(at, { local: (known?.local ?? 0) + outer * local, ...(own && { from: own }) });
      }
    }
  });
  return result;
}
