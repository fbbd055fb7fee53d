/**
 * What a number was computed from, down to the next named values, weights and inputs: a sum of products where it is one,
 * such as Σ w·x + b, else the named numbers that a function of the layer takes.
 */
import { rowMajorStrides } from '../ops/shapes.ts';
import type { Op, ValueId } from '../program/program.ts';
import type { Explanation, NamedValue } from './explanation.ts';
import { coordinatesOf, elementAt, elementsWhere } from './indices.ts';
import type { Recording } from './record.ts';

export interface Factor {
  readonly number: number;
  /** Absent for a constant and for what has no name. */
  readonly value?: ValueId;
  readonly element?: number;
  readonly name?: NamedValue;
}

export interface CompositionTerm {
  readonly factors: readonly Factor[];
  readonly product: number;
}

export interface Composition {
  readonly number: number;
  /** `function`: the terms are its arguments. */
  readonly kind: 'sum' | 'function' | 'given';
  /**
   * Of a sum the largest first. Of a function the operands that stand in its formula by themselves, in its order, then
   * what it adds up or compares, the largest first; last the whole numbers that say where to look, such as ends of edges.
   */
  readonly terms: readonly CompositionTerm[];
  readonly termCount: number;
  /** Of all terms; of a sum equal to the number up to rounding. */
  readonly sum: number;
}

export interface CompositionRequest {
  readonly value: ValueId;
  readonly element: number;
  /** How many terms are listed; default 12. */
  readonly limit?: number;
}

export interface Place {
  readonly value: ValueId;
  readonly element: number;
}

export function compose(explanation: Explanation, recording: Recording, { value, element, limit = 12 }: CompositionRequest): Composition {
  const { program, named } = explanation;
  const opOf = (id: ValueId): Op => program.ops[id]!;
  const shapeOf = (id: ValueId) => program.values[id]!.shape;
  const number = recording.dataOf(value)[element]!;

  const origin = (place: Place): Place => originOf(explanation, place);
  const factorOf = (place: Place): Factor => factorAt(explanation, recording, place);

  /** As a sum of products; undefined where it is none. */
  function termsOf(place: Place, isStart: boolean): Factor[][] | undefined {
    const at = isStart ? place : origin(place);
    if (!isStart && (named.has(at.value) || opOf(at.value).inputs.length === 0)) return [[factorOf(at)]];
    const op = opOf(at.value);
    const inner = viewed(op, at.element, shapeOf);
    if (inner !== undefined) return termsOf(inner, false);
    const part = (port: number): Place => ({ value: op.inputs[port]!, element: at.element });
    if (op.op === 'binary' && (op.attrs.fn === 'add' || op.attrs.fn === 'subtract')) {
      const [left, right] = [termsOf(part(0), false), termsOf(part(1), false)];
      const minus: Factor[] = op.attrs.fn === 'subtract' ? [{ number: -1 }] : [];
      return [...(left ?? [[factorOf(part(0))]]), ...(right ?? [[factorOf(part(1))]]).map((factors) => [...minus, ...factors])];
    }
    if (op.op === 'binary' && op.attrs.fn === 'multiply') return [[factorOf(part(0)), factorOf(part(1))]];
    if (op.op === 'contract') {
      return pairs(op, at.element, shapeOf).map(([left, right]) => [
        factorOf({ value: op.inputs[0]!, element: left }),
        factorOf({ value: op.inputs[1]!, element: right }),
      ]);
    }
    if (op.op === 'reduce' && op.attrs.fn === 'sum') {
      const input = op.inputs[0]!;
      return reduced(op.attrs.axes, at.element, shapeOf(input)).map((own) => [factorOf({ value: input, element: own })]);
    }
    if (op.op === 'segmentReduce' && op.attrs.fn === 'sum') {
      return sources(op, at.element, shapeOf, recording)
        .filter(([port]) => port === 0)
        .map(([, own]) => [factorOf({ value: op.inputs[0]!, element: own })]);
    }
    return undefined;
  }

  if (opOf(value).inputs.length === 0) return { number, kind: 'given', terms: [], termCount: 0, sum: number };
  const sum = termsOf({ value, element }, true);
  const { factors, ranks } = sum === undefined ? functionArguments(value, element) : { factors: sum, ranks: [] };
  const terms = factors.map((own): CompositionTerm => ({ factors: own, product: own.reduce((all, factor) => all * factor.number, 1) }));
  const total = terms.reduce((all, { product }) => all + product, 0);
  // What a mask has set to −∞ says nothing of the others: it comes last.
  const size = ({ product }: CompositionTerm): number => (Number.isFinite(product) ? Math.abs(product) : -1);
  const rank = terms.map((_, i) => ranks[i] ?? 1);
  const order = terms.map((_, i) => i).sort((a, b) => rank[a]! - rank[b]! || (rank[a] === 1 ? size(terms[b]!) - size(terms[a]!) : 0));
  const listed = order.slice(0, limit).map((i) => terms[i]!);
  return { number, kind: sum === undefined ? 'function' : 'sum', terms: listed, termCount: terms.length, sum: total };

  /** The named numbers that an expression takes; ranked 0 where one stands in it by itself, 1 among many, 2 where it is a place. */
  function functionArguments(id: ValueId, at: number): { factors: Factor[][]; ranks: number[] } {
    const found: Factor[] = [];
    const ranks: number[] = [];
    const seen = new Set<string>();
    const visit = (place: Place, isStart: boolean, isAlone: boolean): void => {
      const here = isStart ? place : origin(place);
      const key = `${here.value} ${here.element}`;
      if (seen.has(key)) return;
      seen.add(key);
      const op = opOf(here.value);
      if (!isStart && (named.has(here.value) || op.inputs.length === 0)) {
        if (op.op === 'constant') return;
        found.push(factorOf(here));
        ranks.push(program.values[here.value]!.dtype === 'i32' ? 2 : isAlone ? 0 : 1);
        return;
      }
      const read = sources(op, here.element, shapeOf, recording);
      const isOfMany = ['reduce', 'argmax', 'contract', 'segmentReduce', 'fold'].includes(op.op);
      for (const [port, own] of read) visit({ value: op.inputs[port]!, element: own }, false, isAlone && !isOfMany);
    };
    visit({ value: id, element: at }, true, true);
    return { factors: found.map((factor) => [factor]), ranks };
  }
}

/** Through views to where the element really stands. */
function originOf({ program, named }: Explanation, place: Place): Place {
  let at = place;
  while (!named.has(at.value)) {
    const next = viewed(program.ops[at.value]!, at.element, (id) => program.values[id]!.shape);
    if (next === undefined) break;
    at = next;
  }
  return at;
}

/** A number with the name of where it stands. */
export function factorAt(explanation: Explanation, recording: Recording, place: Place): Factor {
  const at = originOf(explanation, place);
  const name = explanation.named.get(at.value);
  const number = recording.dataOf(at.value)[at.element]!;
  if (explanation.program.ops[at.value]!.op === 'constant') return { number };
  return { number, value: at.value, element: at.element, ...(name === undefined ? {} : { name }) };
}

type ShapeOf = (id: ValueId) => readonly number[];

/** Of an op that only moves elements: which one stands there. */
function viewed(op: Op, element: number, shapeOf: ShapeOf): Place | undefined {
  const [value = -1] = op.inputs;
  const place = (own: number): Place => ({ value, element: own });
  switch (op.op) {
    case 'reshape':
      return place(element);
    case 'transpose': {
      const at = coordinatesOf(element, shapeOf(op.output));
      const own = new Array<number>(at.length).fill(0);
      op.attrs.axes.forEach((axis, i) => (own[axis] = at[i]!));
      return place(elementAt(own, shapeOf(value)));
    }
    case 'slice': {
      const at = coordinatesOf(element, shapeOf(op.output));
      return place(elementAt(at.with(op.attrs.axis, at[op.attrs.axis]! + op.attrs.start), shapeOf(value)));
    }
    case 'flip': {
      const at = coordinatesOf(element, shapeOf(op.output));
      return place(elementAt(at.with(op.attrs.axis, shapeOf(value)[op.attrs.axis]! - 1 - at[op.attrs.axis]!), shapeOf(value)));
    }
    case 'broadcast': {
      const at = coordinatesOf(element, op.attrs.shape);
      const own = op.attrs.axes.map((axis, i) => (shapeOf(value)[i] === 1 ? 0 : at[axis]!));
      return place(elementAt(own, shapeOf(value)));
    }
    case 'window': {
      const { axis, stride, dilation } = op.attrs;
      const at = coordinatesOf(element, shapeOf(op.output));
      return place(elementAt(at.toSpliced(axis, 2, at[axis]! * stride + at[axis + 1]! * dilation), shapeOf(value)));
    }
    case 'concat': {
      const { axis } = op.attrs;
      const at = coordinatesOf(element, shapeOf(op.output));
      let start = 0;
      for (const id of op.inputs) {
        const size = shapeOf(id)[axis]!;
        const moved = at[axis]! - start;
        if (moved < size) return { value: id, element: elementAt(at.with(axis, moved), shapeOf(id)) };
        start += size;
      }
      return undefined;
    }
    case 'pad': {
      const { axis, before } = op.attrs;
      const at = coordinatesOf(element, shapeOf(op.output));
      const moved = at[axis]! - before;
      const isInside = moved >= 0 && moved < shapeOf(value)[axis]!;
      return isInside ? place(elementAt(at.with(axis, moved), shapeOf(value))) : undefined;
    }
    default:
      return undefined;
  }
}

/** Elements of both operands that are multiplied for one element of the result. */
function pairs(op: Op & { readonly op: 'contract' }, element: number, shapeOf: ShapeOf): [number, number][] {
  const { left, right, out } = op.attrs;
  const at = coordinatesOf(element, shapeOf(op.output));
  const known = new Map([...out].map((letter, axis) => [letter, at[axis]!]));
  const [leftShape, rightShape] = [shapeOf(op.inputs[0]!), shapeOf(op.inputs[1]!)];
  const summed = [...left].filter((letter) => !known.has(letter));
  const sizes = summed.map((letter) => leftShape[left.indexOf(letter)]!);
  const strides = (letters: string, shape: readonly number[]) => {
    const own = rowMajorStrides(shape);
    return summed.map((letter) => own[letters.indexOf(letter)]!);
  };
  const start = (letters: string, shape: readonly number[]) => elementAt([...letters].map((letter) => known.get(letter) ?? 0), shape); // prettier-ignore
  const [leftStart, rightStart] = [start(left, leftShape), start(right, rightShape)];
  const [leftStrides, rightStrides] = [strides(left, leftShape), strides(right, rightShape)];
  const count = sizes.reduce((total, size) => total * size, 1);
  return Array.from({ length: count }, (_, i): [number, number] => {
    const k = coordinatesOf(i, sizes);
    const offset = (own: readonly number[]) => k.reduce((sum, index, axis) => sum + index * own[axis]!, 0);
    return [leftStart + offset(leftStrides), rightStart + offset(rightStrides)];
  });
}

function reduced(axes: readonly number[], element: number, shape: readonly number[]): number[] {
  const kept = shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const at = coordinatesOf(element, kept.map((axis) => shape[axis]!)); // prettier-ignore
  return elementsWhere(shape.map((_, axis) => (axes.includes(axis) ? undefined : at[kept.indexOf(axis)])), shape); // prettier-ignore
}

/** Elements that an op reads for one element of its result, by port. */
function sources(op: Op, element: number, shapeOf: ShapeOf, recording: Recording): (readonly [port: number, element: number])[] {
  const place = viewed(op, element, shapeOf);
  if (place !== undefined) return [[op.inputs.indexOf(place.value), place.element]];
  const inputShape = shapeOf(op.inputs[0] ?? -1);
  switch (op.op) {
    case 'unary':
    case 'cast':
      return [[0, element]];
    case 'binary':
      return [[0, element], [1, element]]; // prettier-ignore
    case 'select':
      // The branch that was taken, and what decided.
      return [[0, element], [recording.dataOf(op.inputs[0]!)[element] === 0 ? 2 : 1, element]]; // prettier-ignore
    case 'reduce':
      return reduced(op.attrs.axes, element, inputShape).map((own) => [0, own] as const);
    case 'argmax':
      return reduced([op.attrs.axis], element, inputShape).map((own) => [0, own] as const);
    case 'contract':
      return pairs(op, element, shapeOf).flatMap(([left, right]) => [[0, left], [1, right]] as const); // prettier-ignore
    case 'gather': {
      const size = inputShape.slice(1).reduce((total, own) => total * own, 1);
      const position = Math.floor(element / size);
      const row = recording.dataOf(op.inputs[1]!)[position]!;
      return [[0, row * size + (element % size)], [1, position]]; // prettier-ignore
    }
    case 'segmentReduce': {
      const segments = recording.dataOf(op.inputs[1]!);
      const size = recording.dataOf(op.inputs[0]!).length / segments.length;
      const found: [number, number][] = [];
      segments.forEach((segment, i) => segment === Math.floor(element / size) && found.push([0, i * size + (element % size)]));
      return found;
    }
    case 'fold': {
      const { axis, stride, dilation } = op.attrs;
      const at = coordinatesOf(element, shapeOf(op.output));
      const found: [number, number][] = [];
      for (let tap = 0; tap < inputShape[axis + 1]!; tap++) {
        const position = (at[axis]! - tap * dilation) / stride;
        if (Number.isInteger(position) && position >= 0 && position < inputShape[axis]!) {
          found.push([0, elementAt(at.toSpliced(axis, 1, position, tap), inputShape)]);
        }
      }
      return found;
    }
    default:
      return [];
  }
}
