/**
 * Runs a program's ops one after the other with the reference loops and keeps every value, so that each of them can be
 * looked at afterwards. A value can be changed by hand on the way: what follows is computed from the change.
 */
import type { SlotData } from '../engines/engine.ts';
import type { OpDefinition, Scratch, StepState, Tensor } from '../ops/defineOp.ts';
import { ops } from '../ops/index.ts';
import { elementCount } from '../ops/shapes.ts';
import { raise } from '../problem.ts';
import type { DType, Op, OpName, Program, ValueId } from '../program/program.ts';
import { setKey } from '../random/philox.ts';

/** One element of a value, or all along one index of an axis, set to a number. */
export interface Edit {
  readonly value: ValueId;
  readonly at: { readonly element: number } | { readonly axis: number; readonly index: number };
  readonly to: number;
}

export interface RecordRequest {
  /** What stands in each slot at the start of the step. */
  readonly slotData: (slot: string) => SlotData;
  readonly rows: Int32Array;
  readonly scalars: Float32Array;
  readonly seed: number;
  readonly step: number;
  readonly edits?: readonly Edit[];
  /** Double precision serves comparisons with numeric derivatives. */
  readonly precision?: 'f32' | 'f64';
}

export interface Recording {
  /** Row-major, exactly as many as the value's shape says. */
  dataOf(id: ValueId): SlotData;
}

/** Everything that is kept at once. */
const mostBytes = 2 ** 30;

/** @throws ProblemError where the values of one step take more memory than is good */
export function record(program: Program, request: RecordRequest): Recording {
  const { edits = [], precision = 'f32' } = request;
  checkSize(program);
  const state: StepState = {
    key: new Uint32Array(2),
    step: Uint32Array.of(request.step % 2 ** 32, request.step / 2 ** 32),
    rows: request.rows,
    rowsStart: 0,
    scalars: request.scalars,
    scalarsStart: 0,
  };
  setKey(state.key, request.seed);
  const scratch = createScratch();
  const values = new Map<ValueId, SlotData>();
  const dataOf = (id: ValueId): SlotData => {
    const data = values.get(id);
    if (data === undefined) throw new Error(`record: value ${id} of program "${program.name}" was not computed`);
    return data;
  };
  const tensorOf = (id: ValueId): Tensor => ({ type: program.values[id]!, data: dataOf(id), label: `value ${id}` });

  function compute(op: Op): SlotData {
    const { shape, dtype } = program.values[op.output]!;
    if (op.op === 'slot') {
      const stored = request.slotData(op.attrs.slot);
      return precision === 'f64' && dtype === 'f32' ? Float64Array.from(stored) : stored;
    }
    if (op.op === 'reshape') return dataOf(op.inputs[0]!);
    const data = allocate(elementCount(shape), dtype, precision);
    const { reference } = ops[op.op] as OpDefinition<OpName>;
    const output = { type: { shape, dtype }, data, label: `value ${op.output}` };
    reference({ attrs: op.attrs, inputs: op.inputs.map(tensorOf) as never, output, state, scratch })();
    return data;
  }

  for (const op of program.ops) {
    const data = compute(op);
    const own = edits.filter(({ value }) => value === op.output);
    values.set(op.output, own.length === 0 ? data : edited(data, own, program.values[op.output]!.shape));
  }
  return { dataOf };
}

/** A copy: views share their input's memory, and slots are the session's. */
function edited(data: SlotData, edits: readonly Edit[], shape: readonly number[]): SlotData {
  const copy = data.slice();
  for (const { at, to } of edits) {
    if ('element' in at) {
      copy[at.element] = to;
      continue;
    }
    const inner = elementCount(shape.slice(at.axis + 1));
    const size = shape[at.axis] ?? 1;
    for (let i = 0; i < copy.length; i++) if (Math.floor(i / inner) % size === at.index) copy[i] = to;
  }
  return copy;
}

function allocate(count: number, dtype: DType, precision: 'f32' | 'f64'): SlotData {
  if (dtype === 'u8') return new Uint8Array(count);
  if (dtype === 'i32') return new Int32Array(count);
  return precision === 'f64' ? new Float64Array(count) : new Float32Array(count);
}

function checkSize({ ops: all, values }: Program): void {
  const bytes = all.reduce(
    (sum, { op, output }) => (op === 'slot' || op === 'reshape' ? sum : sum + 4 * elementCount(values[output]!.shape)),
    0,
  );
  if (bytes <= mostBytes) return;
  raise({
    code: 'explain.tooLarge',
    message: `Keeping every value of one step of this network takes ${Math.ceil(bytes / 2 ** 20).toLocaleString('en-US')} MB; the time machine goes up to ${mostBytes / 2 ** 20} MB.`,
    hint: 'Look at a smaller network of the same kind, or at smaller images or shorter sequences.',
  });
}

function createScratch(): Scratch {
  let array = new Float64Array(0);
  return {
    get array() {
      return array;
    },
    reserve(length) {
      if (length > array.length) array = new Float64Array(length);
    },
  };
}
