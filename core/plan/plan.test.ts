import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBuilder, type Builder, type Value } from '../program/builder.ts';
import type { Program, SlotKind, SlotSpec, TensorType } from '../program/program.ts';
import { createReferenceEngine } from '../engines/reference/referenceEngine.ts';
import { expectClose } from '../testing/compare.ts';
import { exact } from '../testing/tolerances.ts';
import { elementBytes, layoutSlots, planProgram, type Operand, type Plan } from './plan.ts';
import { isElementwise } from './views.ts';

const vector: TensorType = { shape: [1000], dtype: 'f32' };

function slot(name: string, type: TensorType = vector, kind: SlotKind = 'parameter'): SlotSpec {
  return { name, kind, type };
}

function start() {
  const b = createBuilder({ name: 'test', batchSize: 0 });
  return { b, x: b.slot('x', vector), y: b.slot('y', vector) };
}

const xy = [slot('x'), slot('y')];

describe('planProgram', () => {
  it('makes reshapes free and shares buffers along a chain', () => {
    const { b, x } = start();
    let value = x;
    for (let i = 0; i < 10; i++) value = b.reshape(b.unary('exp', value), i % 2 === 0 ? [10, 100] : [1000]);
    b.assign('y', b.flip(value, 0));
    const plan = planProgram(b.build(), xy);
    expect(plan.steps.map(({ op }) => op.op)).toEqual([...Array.from({ length: 10 }, () => 'unary'), 'flip']);
    // Each step overwrites its input; the last goes straight to the slot.
    expect(plan.arenaBytes).toBe(4032);
    expect(plan.stores).toEqual([]);
  });

  it('stores constants and spread scalars as one element while only elementwise ops read them', () => {
    const { b, x } = start();
    const rate = b.multiply(b.broadcastTo(b.scalar('rate'), [1000]), b.constant(2, [1000]));
    b.assign('x', b.subtract(x, b.reshape(b.multiply(b.reshape(rate, [10, 100]), 3), [1000])));
    const plan = planProgram(b.build(), xy);
    expect(plan.steps.map(({ op, output }) => [op.op, output.count])).toEqual([
      ['scalar', 1],
      ['constant', 1],
      ['binary', 1],
      ['constant', 1],
      ['binary', 1],
      ['binary', 1000],
    ]);
    expect(plan.arenaBytes).toBeLessThanOrEqual(2 * 64);
  });

  it('expands a uniform value for an op that moves elements', () => {
    const { b } = start();
    const ones = b.constant(1, [1000]);
    b.assign('x', b.flip(ones, 0));
    b.assign('y', b.unary('exp', ones));
    const counts = planProgram(b.build(), xy).steps.map(({ output }) => output.count);
    expect(counts).toEqual([1000, 1000, 1000]);
  });

  it('updates a slot in place only after its last reader', () => {
    const direct = start();
    direct.b.assign('x', direct.b.add(direct.x, direct.y));
    expect(planProgram(direct.b.build(), xy).stores).toEqual([]);

    const readLater = start();
    readLater.b.assign('x', readLater.b.add(readLater.x, readLater.y));
    readLater.b.assign('y', readLater.b.unary('exp', readLater.x));
    expect(planProgram(readLater.b.build(), xy).stores.map((store) => store.slot)).toEqual(['x']);

    const moving = start();
    moving.b.assign('x', moving.b.flip(moving.x, 0));
    expect(planProgram(moving.b.build(), xy).stores.map((store) => store.slot)).toEqual(['x']);
  });

  it('leaves a slot alone that is assigned to itself', () => {
    const { b, x } = start();
    b.assign('x', b.reshape(b.reshape(x, [10, 100]), [1000]));
    const plan = planProgram(b.build(), xy);
    expect([plan.steps, plan.stores]).toEqual([[], []]);
  });

  const mistakes: readonly (readonly [string, (b: Builder, x: Value) => void, string])[] = [
    ['an unknown slot', (b, x) => b.assign('z', x), 'program "test": the session has no slot "z"'],
    ['a wrong type', (b, x) => b.assign('y', b.slice(x, 0, 0, 5)), 'program "test": slot "y" holds f32 (1000), got f32 (5)'],
    [
      'a slot read under a wrong type',
      (b) => b.assign('y', b.slot('short', { shape: [2], dtype: 'f32' })),
      'slot "short" holds f32 (1000), got f32 (2)',
    ],
    ['two assignments', (b, x) => [1, 2].forEach(() => b.assign('y', x)), 'slot "y" is assigned twice'],
    ['append to no ring', (b) => b.append('y', b.constant(1)), 'only ring slots are appended to'],
    ['replacing a ring', (b, x) => b.assign('ring', x), 'only ring slots are appended to'],
    ['a ring row of wrong type', (b, x) => b.append('ring', x), 'slot "ring" holds f32 (), got f32 (1000)'],
  ];
  it.each(mistakes)('refuses %s', (_name, build, message) => {
    const { b, x } = start();
    build(b, x);
    expect(() => planProgram(b.build(), [...xy, slot('short'), slot('ring', vector, 'ring')])).toThrow(message);
  });
});

describe('random programs', () => {
  it('have no two living buffers that overlap', () => {
    fc.assert(
      fc.property(randomProgram(), ({ program, slots }) => checkOverlap(planProgram(program, slots), slots)),
      { numRuns: 300 },
    );
  });

  it('compute the same bits with shared buffers as with every value kept', async () => {
    await fc.assert(
      fc.asyncProperty(randomProgram(), async ({ program, slots }) => {
        const expected = await runKeepingAll(program, slots);
        const got = await runPlanned(program, slots);
        for (const [name, values] of expected) expectClose(got.get(name)!, values, exact, { what: name });
      }),
      { numRuns: 100 },
    );
  });
});

describe('memory', () => {
  it('lays slots out apart, in their stored types', () => {
    const layout = layoutSlots([
      slot('a', { shape: [3], dtype: 'u8' }),
      slot('b', { shape: [], dtype: 'i32' }),
      slot('c', { shape: [0], dtype: 'f32' }),
      slot('d'),
    ]);
    expect([...layout.slots.values()].map(({ byteOffset, byteLength }) => [byteOffset, byteLength])).toEqual([
      [0, 3],
      [64, 4],
      [128, 0],
      [128, 4000],
    ]);
    expect(() => layoutSlots([slot('a'), slot('a')])).toThrow('slot "a" is declared twice');
  });
});

/** Every arena buffer lives from the step that writes it to the last that reads its bytes before they are written anew. */
function checkOverlap(plan: Plan, slots: readonly SlotSpec[]): void {
  const layout = layoutSlots(slots);
  const bytes = (operand: Operand) => operand.count * elementBytes(operand.type.dtype);
  const overlaps = (a: Operand, b: Operand) =>
    a.region === b.region && a.byteOffset < b.byteOffset + bytes(b) && b.byteOffset < a.byteOffset + bytes(a);
  const reads = (position: number) =>
    position < plan.steps.length ? plan.steps[position]!.inputs : plan.stores.map((store) => store.source);
  plan.steps.forEach(({ op, inputs, output }, position) => {
    expect(output.byteOffset + bytes(output)).toBeLessThanOrEqual(output.region === 'arena' ? plan.arenaBytes : layout.totalBytes);
    // An op's output may lie on an input only if it works element by element on the very same bytes.
    for (const input of inputs) {
      if (!overlaps(input, output)) continue;
      expect(isElementwise(op.op) && input.byteOffset === output.byteOffset && bytes(input) === bytes(output)).toBe(true);
    }
    // Whoever later reads this op's output finds it whole: no step in between writes there.
    for (let later = position + 1; later <= plan.steps.length; later++) {
      const isRead = reads(later).some(
        (operand) => operand.region === 'arena' && operand.byteOffset === output.byteOffset && writerOf(plan, operand, later) === position,
      );
      if (!isRead) continue;
      for (let between = position + 1; between < later; between++) expect(overlaps(plan.steps[between]!.output, output)).toBe(false);
    }
  });
}

/** The step whose op computes what is read, through views. */
function writerOf(plan: Plan, operand: Operand, reader: number): number {
  const byOutput = new Map(plan.program.ops.map((op) => [op.output, op]));
  const step = plan.steps[reader];
  const ids = step === undefined ? plan.program.assignments.map(({ value }) => value) : step.op.inputs;
  for (const id of ids) {
    let op = byOutput.get(id)!;
    let position = plan.steps.findIndex((candidate) => candidate.op === op);
    while (position < 0 && op.inputs.length > 0) {
      op = byOutput.get(op.inputs[0]!)!;
      position = plan.steps.findIndex((candidate) => candidate.op === op);
    }
    if (
      position >= 0 &&
      plan.steps[position]!.output.byteOffset === operand.byteOffset &&
      plan.steps[position]!.output.region === operand.region
    )
      return position;
  }
  return -1;
}

/** Programs over vectors of 12: every kind of step, view and assignment. */
function randomProgram() {
  const choice = fc.tuple(fc.nat(8), fc.nat(), fc.nat());
  return fc
    .tuple(fc.array(choice, { minLength: 1, maxLength: 25 }), fc.array(fc.nat(), { minLength: 3, maxLength: 3 }))
    .map(([choices, results]) => {
      const type: TensorType = { shape: [12], dtype: 'f32' };
      const b = createBuilder({ name: 'test', batchSize: 0 });
      const names = ['p', 'q', 'r'];
      const values = names.map((name) => b.slot(name, type));
      for (const [kind, i, j] of choices) {
        const x = values[i % values.length]!;
        const y = values[j % values.length]!;
        const makers: readonly (() => Value)[] = [
          () => b.unary('sin', x),
          () => b.add(x, y),
          () => b.reshape(b.unary('cos', b.reshape(x, [3, 4])), [12]),
          () => b.flip(x, 0),
          () => b.reshape(b.reshape(x, [3, 4]), [12]),
          () => b.multiply(b.broadcastTo(b.constant(0.5), [12]), x),
          () => b.broadcastTo(b.sum(x, [0], true), [12]),
          () => b.reshape(b.transpose(b.reshape(x, [3, 4]), [1, 0]), [12]),
          () => b.constant(i % 3, [12]),
        ];
        values.push(makers[kind]!());
      }
      names.forEach((name, i) => b.assign(name, values[results[i]! % values.length]!));
      return { program: b.build(), slots: names.map((name) => slot(name, type)) };
    });
}

function randomValues(name: string): Float32Array {
  return Float32Array.from({ length: 12 }, (_, i) => Math.sin(i * 7 + name.charCodeAt(0)));
}

async function runPlanned(program: Program, slots: readonly SlotSpec[]) {
  const engine = createReferenceEngine();
  await engine.load({ programs: { test: program }, slots, seed: 1 });
  for (const { name } of slots.slice(0, 3)) await engine.write(name, randomValues(name));
  await engine.run('test', { steps: 2, firstStep: 0 });
  return new Map(await Promise.all(slots.map(async ({ name }) => [name, await engine.read(name)] as const)));
}

/** One op per program, every value in a slot of its own: nothing is shared, in place or compact. */
async function runKeepingAll(program: Program, slots: readonly SlotSpec[]) {
  const memory = new Map<string, Float32Array>(slots.map(({ name }) => [name, randomValues(name)]));
  for (let step = 0; step < 2; step++) {
    const kept: Float32Array[] = [];
    for (const op of program.ops) {
      if (op.op === 'slot') {
        kept[op.output] = memory.get(op.attrs.slot)!;
        continue;
      }
      const ops = [...op.inputs.map((id, i) => ({ op: 'slot' as const, attrs: { slot: `in${i}` }, inputs: [], output: id })), op];
      const unique = ops.filter((candidate, i) => ops.findIndex((other) => other.output === candidate.output) === i);
      const single: Program = { ...program, ops: unique, assignments: [{ slot: 'out', value: op.output, mode: 'replace' }] };
      const inputSlots = unique.flatMap((entry) => (entry.op === 'slot' ? [{ id: entry.output, name: entry.attrs.slot }] : []));
      const engine = createReferenceEngine();
      await engine.load({
        programs: { test: single },
        slots: [...inputSlots.map(({ id, name }) => slot(name, program.values[id]!)), slot('out', program.values[op.output]!)],
        seed: 1,
      });
      for (const { id, name } of inputSlots) await engine.write(name, kept[id]!);
      await engine.run('test', { steps: 1, firstStep: 0 });
      kept[op.output] = (await engine.read('out')) as Float32Array;
    }
    for (const { slot: name, value } of program.assignments) memory.set(name, kept[value]!);
  }
  return memory;
}
