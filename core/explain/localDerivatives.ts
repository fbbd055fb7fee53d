/**
 * The local derivatives of every op, element by element: which elements of the result depend on one element of an input,
 * and how strongly. Written apart from the ops' gradient rules and compared with them in the tests: what the time machine
 * says about a derivative and what training computes are found in two ways.
 */
import type { SlotData } from '../engines/engine.ts';
import { windowPositions } from '../ops/window.ts';
import type { BinaryFn, Op, OpAttrs, OpName, TensorType, UnaryFn } from '../program/program.ts';
import { coordinatesOf, elementAt, elementsWhere } from './indices.ts';

/**
 * An element of the result, and its derivative by the element of the input; where that is a number of the other operand, as
 * in a product, also which one.
 */
export type LocalDerivative = readonly [element: number, derivative: number, other?: number];

export interface Operand {
  readonly type: TensorType;
  readonly data: SlotData;
  /** Set by the op `constant`: it wins and loses no ties. */
  readonly isConstant: boolean;
}

interface Context<K extends OpName> {
  readonly attrs: OpAttrs[K];
  readonly inputs: readonly Operand[];
  readonly output: Pick<Operand, 'type' | 'data'>;
  /** Which input. */
  readonly port: number;
  readonly element: number;
}

type Rule<K extends OpName> = (context: Context<K>) => readonly LocalDerivative[];

const nothing = (): readonly LocalDerivative[] => [];
const alone = (element: number, derivative = 1): readonly LocalDerivative[] => [[element, derivative]];
const ones = (elements: readonly number[]): readonly LocalDerivative[] => elements.map((element) => [element, 1]);

const unary: { [F in UnaryFn]: (x: number, y: number) => number } = {
  negate: () => -1,
  abs: (x) => Math.sign(x),
  sign: () => 0,
  exp: (_x, y) => y,
  log: (x) => 1 / x,
  log1p: (x) => 1 / (1 + x),
  sqrt: (_x, y) => 1 / (2 * y),
  rsqrt: (_x, y) => -0.5 * y ** 3,
  reciprocal: (_x, y) => -y * y,
  square: (x) => 2 * x,
  tanh: (_x, y) => 1 - y * y,
  sigmoid: (_x, y) => y * (1 - y),
  erf: (x) => (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x),
  sin: (x) => Math.cos(x),
  cos: (x) => -Math.sin(x),
  floor: () => 0,
  isFinite: () => 0,
};

interface Pair {
  readonly own: number;
  readonly other: number;
  readonly result: number;
  readonly port: number;
  readonly otherIsConstant: boolean;
}

/** Where both tie, half; nothing is lost to a constant. */
const winning = (wins: boolean, { own, other, otherIsConstant }: Pair): number => (wins ? 1 : own === other && !otherIsConstant ? 0.5 : 0);

const binary: { [F in BinaryFn]: (pair: Pair) => number } = {
  add: () => 1,
  subtract: ({ port }) => (port === 0 ? 1 : -1),
  multiply: ({ other }) => other,
  divide: ({ own, other, result, port }) => (port === 0 ? 1 / other : -result / own),
  maximum: (pair) => winning(pair.own > pair.other, pair),
  minimum: (pair) => winning(pair.own < pair.other, pair),
  power: ({ own, other, result, port }) => {
    if (port === 0) return other === 0 ? 0 : other * own ** (other - 1);
    return other === 0 ? 0 : result * Math.log(other);
  },
  equal: () => 0,
  less: () => 0,
  lessEqual: () => 0,
};

const rules: { [K in OpName]: Rule<K> } = {
  slot: nothing,
  rows: nothing,
  scalar: nothing,
  constant: nothing,
  iota: nothing,
  random: nothing,
  argmax: nothing,
  cast: nothing,
  unary: ({ attrs, inputs: [x], output, element }) => alone(element, unary[attrs.fn](x!.data[element]!, output.data[element]!)),
  binary({ attrs, inputs, output, port, element }) {
    const other = inputs[1 - port]!;
    const values = { own: inputs[port]!.data[element]!, other: other.data[element]!, result: output.data[element]! };
    const derivative = binary[attrs.fn]({ ...values, port, otherIsConstant: other.isConstant });
    return [attrs.fn === 'multiply' ? [element, derivative, element] : [element, derivative]];
  },
  select({ inputs, port, element }) {
    if (port === 0) return [];
    return alone(element, (inputs[0]!.data[element] !== 0) === (port === 1) ? 1 : 0);
  },
  reduce({ attrs: { fn, axes }, inputs: [x], output, element }) {
    const { shape } = x!.type;
    const coordinates = coordinatesOf(element, shape);
    const kept = coordinates.filter((_, axis) => !axes.includes(axis));
    const result = elementAt(kept, output.type.shape);
    if (fn === 'sum') return alone(result);
    const best = output.data[result]!;
    if (x!.data[element] !== best) return [];
    const rivals = elementsWhere(coordinates.map((coordinate, axis) => (axes.includes(axis) ? undefined : coordinate)), shape); // prettier-ignore
    return alone(result, 1 / rivals.filter((rival) => x!.data[rival] === best).length);
  },
  contract({ attrs, inputs, output, port, element }) {
    const [own, other] = port === 0 ? [attrs.left, attrs.right] : [attrs.right, attrs.left];
    const known = new Map([...own].map((letter, axis) => [letter, coordinatesOf(element, inputs[port]!.type.shape)[axis]!]));
    const { shape } = output.type;
    const results = elementsWhere([...attrs.out].map((letter) => known.get(letter)), shape); // prettier-ignore
    return results.map((result): LocalDerivative => {
      const at = coordinatesOf(result, shape);
      const coordinate = (letter: string) => known.get(letter) ?? at[attrs.out.indexOf(letter)]!;
      const factor = elementAt([...other].map(coordinate), inputs[1 - port]!.type.shape);
      return [result, inputs[1 - port]!.data[factor]!, factor];
    });
  },
  gather({ inputs: [table, indices], port, element }) {
    if (port === 1) return [];
    const [rows = 1, ...rest] = table!.type.shape;
    const size = table!.data.length / rows;
    const row = Math.floor(element / size);
    const found: number[] = [];
    indices!.data.forEach((index, i) => index === row && found.push(i * size + (element % size)));
    return rest.length === 0 || size > 0 ? ones(found) : [];
  },
  segmentReduce({ attrs, inputs: [values, segments], output, port, element }) {
    if (port === 1) return [];
    const size = values!.data.length / segments!.data.length;
    const segment = segments!.data[Math.floor(element / size)]!;
    const result = segment * size + (element % size);
    if (attrs.fn === 'sum') return alone(result);
    if (values!.data[element] !== output.data[result]) return [];
    let winners = 0;
    segments!.data.forEach((own, i) => {
      if (own === segment && values!.data[i * size + (element % size)] === output.data[result]) winners++;
    });
    return alone(result, 1 / winners);
  },
  reshape: ({ element }) => alone(element),
  transpose({ attrs, inputs: [x], output, element }) {
    const own = coordinatesOf(element, x!.type.shape);
    return alone(elementAt(attrs.axes.map((axis) => own[axis]!), output.type.shape)); // prettier-ignore
  },
  slice({ attrs: { axis, start, length }, inputs: [x], output, element }) {
    const at = coordinatesOf(element, x!.type.shape);
    const moved = at[axis]! - start;
    return moved < 0 || moved >= length ? [] : alone(elementAt(at.with(axis, moved), output.type.shape));
  },
  pad({ attrs: { axis, before }, inputs: [x], output, element }) {
    const at = coordinatesOf(element, x!.type.shape);
    return alone(elementAt(at.with(axis, at[axis]! + before), output.type.shape));
  },
  concat({ attrs: { axis }, inputs, output, port, element }) {
    const start = inputs.slice(0, port).reduce((sum, input) => sum + input.type.shape[axis]!, 0);
    const at = coordinatesOf(element, inputs[port]!.type.shape);
    return alone(elementAt(at.with(axis, at[axis]! + start), output.type.shape));
  },
  broadcast({ attrs: { shape, axes }, inputs: [x], element }) {
    const own = coordinatesOf(element, x!.type.shape);
    return ones(
      elementsWhere(
        shape.map((size, axis) => {
          const source = axes.indexOf(axis);
          return source < 0 || x!.type.shape[source] !== size ? undefined : own[source];
        }),
        shape,
      ),
    );
  },
  flip({ attrs: { axis }, inputs: [x], element }) {
    const { shape } = x!.type;
    const at = coordinatesOf(element, shape);
    return alone(elementAt(at.with(axis, shape[axis]! - 1 - at[axis]!), shape));
  },
  window({ attrs: { axis, size, stride, dilation }, inputs: [x], output, element }) {
    const at = coordinatesOf(element, x!.type.shape);
    const positions = windowPositions(x!.type.shape[axis]!, size, stride, dilation);
    const found: number[] = [];
    for (let tap = 0; tap < size; tap++) {
      const position = (at[axis]! - tap * dilation) / stride;
      if (Number.isInteger(position) && position >= 0 && position < positions) {
        found.push(elementAt(at.toSpliced(axis, 1, position, tap), output.type.shape));
      }
    }
    return ones(found);
  },
  fold({ attrs: { axis, stride, dilation }, inputs: [x], output, element }) {
    const at = coordinatesOf(element, x!.type.shape);
    const place = at[axis]! * stride + at[axis + 1]! * dilation;
    return alone(elementAt(at.toSpliced(axis, 2, place), output.type.shape));
  },
};

/** @returns none where the op has no derivative by this input */
export function localDerivatives(
  op: Op,
  inputs: readonly Operand[],
  output: Pick<Operand, 'type' | 'data'>,
  port: number,
  element: number,
): readonly LocalDerivative[] {
  const rule = rules[op.op] as Rule<OpName>;
  return rule({ attrs: op.attrs, inputs, output, port, element });
}
