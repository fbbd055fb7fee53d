/**
 * From a program to a table an engine walks: which op reads and writes which bytes. Engines differ only in how they turn
 * a step into a kernel. Memory is two stretches: slots, which live as long as the session and are shared by its programs,
 * and the arena, whose contents mean nothing between steps, so that one arena serves all programs of a session.
 */
import { elementCount, formatType, sameShape } from '../ops/shapes.ts';
import type { DType, Op, Program, SlotSpec, TensorType, ValueId } from '../program/program.ts';
import { alignUp, createArena } from './arena.ts';
import { afterPageEdge, checkFitsPage } from './pages.ts';
import { simplify } from './simplify.ts';
import { findViews, isElementwise, type Views } from './views.ts';

/** Where a tensor lies. */
export interface Operand {
  readonly region: 'slot' | 'arena';
  /** The slot's name, in region `slot`. */
  readonly slot?: string;
  /** From the start of the region. */
  readonly byteOffset: number;
  readonly type: TensorType;
  /** Stored elements: those of the shape, or 1 that stands for all in elementwise ops and broadcast. */
  readonly count: number;
}

export interface PlanStep {
  readonly op: Op;
  readonly inputs: readonly Operand[];
  readonly output: Operand;
}

/**
 * At the end of a step, after all ops: copy `source` to the slot, or to the next row of the ring slot. A source may
 * lie in another slot only if that slot was assigned the same value.
 */
export interface PlanStore {
  readonly slot: string;
  readonly mode: 'replace' | 'append';
  readonly source: Operand;
}

export interface Plan {
  readonly program: Program;
  readonly steps: readonly PlanStep[];
  readonly stores: readonly PlanStore[];
  readonly arenaBytes: number;
}

export interface PlacedSlot {
  readonly spec: SlotSpec;
  readonly byteOffset: number;
  readonly byteLength: number;
}

export interface SlotLayout {
  readonly slots: ReadonlyMap<string, PlacedSlot>;
  readonly totalBytes: number;
  /** No slot and no buffer of the arena lies across a multiple of it. */
  readonly pageBytes?: number;
}

export interface PlanOptions {
  /** 8 for an engine that computes in double precision; default 4. */
  readonly floatBytes?: 4 | 8;
}

export function elementBytes(dtype: DType, { floatBytes = 4 }: PlanOptions = {}): number {
  return dtype === 'f32' ? floatBytes : dtype === 'i32' ? 4 : 1;
}

export interface LayoutOptions extends PlanOptions {
  /** For an engine whose memory comes in pieces: a multiple of 64. */
  readonly pageBytes?: number;
}

/** @throws ProblemError when a slot does not fit a page */
export function layoutSlots(slots: readonly SlotSpec[], options: LayoutOptions = {}): SlotLayout {
  const { pageBytes } = options;
  const placed = new Map<string, PlacedSlot>();
  let totalBytes = 0;
  for (const spec of slots) {
    if (placed.has(spec.name)) throw new Error(`session: slot "${spec.name}" is declared twice`);
    const byteLength = elementCount(spec.type.shape) * elementBytes(spec.type.dtype, options);
    if (pageBytes !== undefined) {
      checkFitsPage(`"${spec.name}"`, byteLength, pageBytes);
      totalBytes = afterPageEdge(totalBytes, byteLength, pageBytes);
    }
    placed.set(spec.name, { spec, byteOffset: totalBytes, byteLength });
    totalBytes += alignUp(byteLength);
  }
  return { slots: placed, totalBytes, ...(pageBytes === undefined ? {} : { pageBytes }) };
}

/** @throws Error when the program and the slots don't fit: a defect of the lowering */
export function planProgram(original: Program, slots: readonly SlotSpec[] | SlotLayout, options: PlanOptions = {}): Plan {
  const layout = 'totalBytes' in slots ? slots : layoutSlots(slots, options);
  checkSlots(original, layout);
  const program = stageSlotSources(simplify(original));
  const views = findViews(program);
  const lastUses = findLastUses(program, views);
  const direct = findDirectStores(program, views);
  const arena = createArena();
  /** Where the memory of each root starts. */
  const places = new Map<ValueId, Pick<Operand, 'region' | 'slot' | 'byteOffset'>>();
  const steps: PlanStep[] = [];

  function operandOf(id: ValueId): Operand {
    return { ...places.get(views.rootOf(id))!, type: program.values[id]!, count: views.countOf(id) };
  }

  function slotPlace(name: string) {
    return { region: 'slot', slot: name, byteOffset: layout.slots.get(name)!.byteOffset } as const;
  }

  program.ops.forEach((op, position) => {
    if (op.op === 'slot') places.set(op.output, slotPlace(op.attrs.slot));
    if (op.op === 'slot' || views.rootOf(op.output) !== op.output) return;
    const inputs = op.inputs.map(operandOf);
    const dying = [...new Set(op.inputs.map(views.rootOf))].filter(
      (root) => lastUses.get(root) === position && places.get(root)!.region === 'arena',
    );
    const elementSize = (id: ValueId) => elementBytes(program.values[id]!.dtype, options);
    const slot = direct.get(op.output);
    const overwritten =
      slot === undefined && isElementwise(op.op)
        ? dying.find((root) => views.countOf(root) === views.countOf(op.output) && elementSize(root) === elementSize(op.output))
        : undefined;
    if (slot !== undefined) places.set(op.output, slotPlace(slot));
    else if (overwritten !== undefined) places.set(op.output, places.get(overwritten)!);
    else places.set(op.output, { region: 'arena', byteOffset: arena.allocate(views.countOf(op.output) * elementSize(op.output)) });
    steps.push({ op, inputs, output: operandOf(op.output) });
    for (const root of dying) if (root !== overwritten) arena.free(places.get(root)!.byteOffset);
  });

  const stores = program.assignments
    .filter(({ value, slot }) => direct.get(views.rootOf(value)) !== slot)
    .map(({ slot, mode, value }): PlanStore => ({ slot, mode, source: operandOf(value) }));
  return { program, steps, stores, arenaBytes: arena.peakBytes };
}

export function checkSlots({ name, ops, values, assignments }: Program, { slots }: SlotLayout): void {
  function check(slot: string, expected: (spec: SlotSpec) => TensorType, value: ValueId): void {
    const placed = slots.get(slot);
    if (placed === undefined) throw new Error(`program "${name}": the session has no slot "${slot}"`);
    const type = expected(placed.spec);
    const actual = values[value]!;
    if (type.dtype !== actual.dtype || !sameShape(type.shape, actual.shape)) {
      throw new Error(`program "${name}": slot "${slot}" holds ${formatType(type)}, got ${formatType(actual)}`);
    }
  }
  for (const op of ops) if (op.op === 'slot') check(op.attrs.slot, (spec) => spec.type, op.output);
  const assigned = new Set<string>();
  for (const { slot, value, mode } of assignments) {
    if (assigned.has(slot)) throw new Error(`program "${name}": slot "${slot}" is assigned twice`);
    assigned.add(slot);
    check(slot, (spec) => (mode === 'append' ? { ...spec.type, shape: spec.type.shape.slice(1) } : spec.type), value);
    if ((mode === 'append') !== (slots.get(slot)!.spec.kind === 'ring')) {
      throw new Error(`program "${name}": only ring slots are appended to, and nothing else is done to them; got ${mode} on "${slot}"`);
    }
  }
}

/**
 * Slots assigned from slots are copied to the arena first, so that all assignments read the old values (two slots may
 * swap). A slot assigned to itself is left alone.
 */
export function stageSlotSources(program: Program): Program {
  const views = findViews(program);
  const byOutput = new Map(program.ops.map((op) => [op.output, op]));
  const values = [...program.values];
  const copies: Op[] = [];
  const assignments = program.assignments.flatMap((assignment) => {
    const root = byOutput.get(views.rootOf(assignment.value))!;
    if (root.op !== 'slot') return [assignment];
    if (root.attrs.slot === assignment.slot) return [];
    const type = program.values[assignment.value]!;
    const value = values.push(type) - 1;
    copies.push({ op: 'cast', attrs: { to: type.dtype }, inputs: [assignment.value], output: value });
    return [{ ...assignment, value }];
  });
  return { ...program, ops: [...program.ops, ...copies], values, assignments };
}

/** Position of the last op that reads a root; Infinity for what is stored at the end of the step. */
function findLastUses({ ops, assignments }: Program, views: Views): Map<ValueId, number> {
  const lastUses = new Map<ValueId, number>();
  ops.forEach((op, position) => {
    if (views.rootOf(op.output) !== op.output) return;
    for (const input of op.inputs) lastUses.set(views.rootOf(input), position);
  });
  for (const { value } of assignments) lastUses.set(views.rootOf(value), Infinity);
  return lastUses;
}

/**
 * Values computed straight into the slot they are assigned to: nothing reads the slot's old value afterwards; the op
 * itself may, if it goes element by element. Saves the copy and the buffer of every optimizer update.
 */
function findDirectStores({ ops, assignments }: Program, views: Views): Map<ValueId, string> {
  const positions = new Map(ops.map((op, position) => [op.output, position]));
  const slotOf = new Map<ValueId, string>();
  for (const op of ops) if (op.op === 'slot') slotOf.set(op.output, op.attrs.slot);
  const lastReads = new Map<string, number>();
  ops.forEach((op, position) => {
    for (const input of op.inputs) {
      const slot = slotOf.get(views.rootOf(input));
      if (slot !== undefined) lastReads.set(slot, position);
    }
  });
  const direct = new Map<ValueId, string>();
  for (const { slot, value, mode } of assignments) {
    const root = views.rootOf(value);
    const position = positions.get(root)!;
    const lastRead = lastReads.get(slot) ?? -1;
    const isFree = lastRead < position || (lastRead === position && isElementwise(ops[position]!.op));
    if (mode === 'replace' && isFree && !direct.has(root)) direct.set(root, slot);
  }
  return direct;
}
