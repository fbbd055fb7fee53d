/**
 * Random small programs for tests of fused kernels: elementwise graphs, broadcasts, reductions, slices, pads, concats,
 * transposes, gathers, windows and contractions, with sizes of 1, primes and no multiples of 4.
 */
import fc from 'fast-check';
import type { Engine, SlotData } from '../engines/engine.ts';
import { createReferenceEngine } from '../engines/reference/referenceEngine.ts';
import { elementCount, range } from '../ops/shapes.ts';
import { createBuilder, type Builder, type Value } from '../program/builder.ts';
import type { BinaryFn, Program, SlotSpec, UnaryFn } from '../program/program.ts';
import { runProgram } from './checkOp.ts';
import { expectClose } from './compare.ts';
import { randomProgramTolerance } from './tolerances.ts';

const sizes = [1, 2, 3, 4, 5, 7, 8, 13, 16, 17, 21];

/** Bounded functions, so that errors don't grow with depth. */
const unaries: readonly UnaryFn[] = ['tanh', 'sigmoid', 'sin', 'cos', 'erf', 'abs', 'negate', 'square'];
const binaries: readonly BinaryFn[] = ['add', 'subtract', 'multiply', 'maximum', 'minimum'];

export interface Step {
  readonly kind: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

export const randomSteps = fc.array(fc.record({ kind: fc.nat(99), a: fc.nat(1000), b: fc.nat(1000), c: fc.nat(1000) }), {
  minLength: 1,
  maxLength: 12,
});
export const randomShapes = fc.array(fc.array(fc.constantFrom(...sizes), { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 });

/** Keeps values of size about 1, whatever happened before. */
function bounded(b: Builder, x: Value): Value {
  return b.unary('tanh', x);
}

function addStep(b: Builder, pool: Value[], { kind, a, b: second, c }: Step): Value | undefined {
  const x = pool[a % pool.length]!;
  const rank = x.shape.length;
  const axis = rank === 0 ? 0 : second % rank;
  const size = x.shape[axis] ?? 1;
  if (kind < 20) return b.unary(unaries[second % unaries.length]!, x);
  if (kind < 40) {
    const same = pool.filter((y) => y.shape.length <= rank && y.shape.every((n, i) => n === 1 || n === x.shape[i + rank - y.shape.length]));
    const y = same[second % same.length]!;
    return b.binary(binaries[c % binaries.length]!, x, y);
  }
  if (kind < 44) {
    const y = b.unary('sin', x);
    return b.select(b.binary('less', x, y), y, b.multiply(x, 0.5));
  }
  if (rank === 0) return b.add(x, 1);
  if (kind < 52) return bounded(b, b.sum(x, [axis], c % 2 === 0));
  if (kind < 56) return b.max(x, [axis], c % 2 === 0);
  if (kind < 58) return bounded(b, b.sum(x, range(rank)));
  if (kind < 60) {
    // Of an input: the maximum of computed values may be a tie in one precision and none in the other.
    const input = pool[0]!;
    return b.cast(b.argmax(input, second % input.shape.length), 'f32');
  }
  if (kind < 64) return b.transpose(x, range(rank).reverse());
  if (kind < 68) return b.slice(x, axis, c % size, 1 + (second % (size - (c % size))));
  if (kind < 71) return elementCount(x.shape) < 2000 ? b.pad(x, axis, c % 3, second % 3, 0.25) : undefined;
  if (kind < 75) {
    if (elementCount(x.shape) > 2000) return undefined;
    return b.concat([x, b.unary('cos', x), pool.find((y) => y.shape.join() === x.shape.join()) ?? x], axis);
  }
  if (kind < 78) return b.flip(x, axis);
  if (kind < 81) return b.reshape(x, [elementCount(x.shape)]);
  if (kind < 83) return size % 2 === 0 ? b.reshape(x, [...x.shape.slice(0, axis), 2, size / 2, ...x.shape.slice(axis + 1)]) : undefined;
  if (kind < 87) {
    const rows = b.cast(b.multiply(b.unary('abs', b.unary('sin', b.cast(b.iota([1 + (c % 6)], 0), 'f32'))), x.shape[0]! - 0.01), 'i32');
    return b.gather(x, rows);
  }
  if (kind < 89) {
    const segments = b.cast(b.multiply(b.unary('abs', b.unary('sin', b.cast(b.iota([x.shape[0]!], 0), 'f32'))), 3.99), 'i32');
    return bounded(b, b.segmentReduce(c % 2 === 0 ? 'sum' : 'max', x, segments, 4));
  }
  if (kind < 92) {
    if (size < 3 || elementCount(x.shape) > 700) return undefined;
    return b.window(x, axis, 2 + (c % 2), { stride: 1 + (second % 2) });
  }
  // Contractions with itself over one axis, plain and transposed.
  if (elementCount(x.shape) ** 2 / size > 20_000 || rank > 2) return undefined;
  const letters = 'ij'.slice(0, rank);
  const other = [...letters].map((letter, i) => (i === axis ? letter : letter.toUpperCase())).join('');
  const out = [...letters].filter((_, i) => i !== axis).join('') + [...other].filter((_, i) => i !== axis).join('');
  return bounded(b, b.contract(`${letters},${other}->${c % 2 === 0 ? out : [...out].reverse().join('')}`, x, b.unary('cos', x)));
}

export interface Case {
  readonly program: Program;
  readonly slots: readonly SlotSpec[];
  readonly data: ReadonlyMap<string, SlotData>;
}

export function buildCase(inputShapes: readonly (readonly number[])[], plan: readonly Step[]): Case {
  const b = createBuilder({ name: 'case', batchSize: 0 });
  const slots: SlotSpec[] = [];
  const data = new Map<string, SlotData>();
  const pool: Value[] = inputShapes.map((shape, i) => {
    slots.push({ name: `x${i}`, kind: 'carry', type: { shape, dtype: 'f32' } });
    data.set(
      `x${i}`,
      Float32Array.from({ length: elementCount(shape) }, (_, k) => Math.sin(1.7 * k + 2.3 * i) * 1.5),
    );
    return b.slot(`x${i}`, { shape, dtype: 'f32' });
  });
  for (const step of plan) {
    const value = addStep(b, pool, step);
    if (value !== undefined && elementCount(value.shape) <= 20_000) pool.push(value);
  }
  // Everything that nobody reads is stored, and where a shape fits, an input is replaced: it is read before.
  const free = new Set(inputShapes.map((_, i) => i));
  pool.slice(inputShapes.length).forEach((value, i) => {
    const target = [...free].find((own) => inputShapes[own]!.join() === value.shape.join() && (i + own) % 2 === 0);
    if (target !== undefined) {
      free.delete(target);
      b.assign(`x${target}`, value);
    } else if (i % 2 === 0 || i === pool.length - inputShapes.length - 1) {
      slots.push({ name: `y${i}`, kind: 'carry', type: { shape: value.shape, dtype: 'f32' } });
      b.assign(`y${i}`, value);
    }
  });
  return { program: b.build(), slots, data };
}

/** Two steps on the engine give what two in double precision give. */
export async function checkCase({ program, slots, data }: Case, engine: Engine): Promise<void> {
  if (program.assignments.length === 0) return;
  const request = { steps: 2 };
  const expected = await runProgram({ engine: createReferenceEngine({ precision: 'f64' }), program, slots, data, request });
  const got = await runProgram({ engine, program, slots, data, request });
  for (const [slot, values] of expected) expectClose(got.get(slot)!, values, randomProgramTolerance, { what: slot });
}
