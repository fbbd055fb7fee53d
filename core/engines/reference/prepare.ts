/** From the steps of a plan to closures over fixed typed arrays. Everything is allocated here, nothing while running. */
import type { OpDefinition, Scratch, StepState, Tensor } from '../../ops/defineOp.ts';
import { ops } from '../../ops/index.ts';
import { elementCount, formatShape } from '../../ops/shapes.ts';
import { elementBytes, type Operand, type Plan, type PlanOptions, type SlotLayout } from '../../plan/plan.ts';
import type { DType, OpName } from '../../program/program.ts';
import type { SlotData } from '../engine.ts';

/** The next row to write of each ring slot; one element, so that all programs of the session share it. */
export type RingCursors = Map<string, Int32Array>;

type Memory = Readonly<Record<Operand['region'], ArrayBuffer>>;

export function typedView(memory: ArrayBuffer, byteOffset: number, byteLength: number, dtype: DType, options: PlanOptions): SlotData {
  if (dtype === 'u8') return new Uint8Array(memory, byteOffset, byteLength);
  if (dtype === 'i32') return new Int32Array(memory, byteOffset, byteLength / 4);
  return options.floatBytes === 8
    ? new Float64Array(memory, byteOffset, byteLength / 8)
    : new Float32Array(memory, byteOffset, byteLength / 4);
}

function operandView({ region, byteOffset, type, count }: Operand, memory: Memory, options: PlanOptions): SlotData {
  return typedView(memory[region], byteOffset, count * elementBytes(type.dtype, options), type.dtype, options);
}

export function prepareSteps(plan: Plan, memory: Memory, state: StepState, scratch: Scratch, options: PlanOptions): (() => void)[] {
  const tensor = (operand: Operand): Tensor => ({
    type: operand.type,
    data: operandView(operand, memory, options),
    label: operand.slot === undefined ? `a table of shape ${formatShape(operand.type.shape)}` : `slot "${operand.slot}"`,
  });
  return plan.steps.map(({ op, inputs, output }) => {
    const { reference } = ops[op.op] as OpDefinition<OpName>;
    return reference({ attrs: op.attrs, inputs: inputs.map(tensor) as never, output: tensor(output), state, scratch });
  });
}

export function prepareStores(plan: Plan, memory: Memory, layout: SlotLayout, cursors: RingCursors, options: PlanOptions): (() => void)[] {
  return plan.stores.map(({ slot, mode, source }) => {
    const { byteOffset, byteLength, spec } = layout.slots.get(slot)!;
    const from = operandView(source, memory, options);
    const to = typedView(memory.slot, byteOffset, byteLength, spec.type.dtype, options);
    if (mode === 'replace') return () => to.set(from);
    const cursor = cursors.get(slot)!;
    const capacity = spec.type.shape[0]!;
    const rowSize = elementCount(spec.type.shape.slice(1));
    return () => {
      to.set(from, cursor[0]! * rowSize);
      cursor[0] = (cursor[0]! + 1) % capacity;
    };
  });
}
