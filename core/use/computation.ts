/** One program loaded into an engine with a run's weights: a few slots go in, a few come out. */
import type { Engine, SlotData } from '../engines/engine.ts';
import { raise } from '../problem.ts';
import type { Program, SlotSpec } from '../program/program.ts';
import { elementCount } from '../ops/shapes.ts';
import type { Trained } from './trained.ts';

/** What a program answers stands here. */
export const outputSlot = 'output';

export interface Computation {
  write(slot: string, values: SlotData): Promise<void>;
  /** @param scalars steps × the program's scalars; one step where there are none */
  run(options?: { readonly scalars?: Float32Array; readonly steps?: number; readonly firstStep?: number }): Promise<void>;
  read(slot: string): Promise<Float32Array>;
}

/**
 * Every slot the program names that the run has weights for is a weight, the others are its own.
 * @throws ProblemError where the checkpoint belongs to another network
 */
export async function openComputation(
  engine: Engine,
  { weights }: Pick<Trained, 'weights'>,
  program: Program,
  seed = 0,
): Promise<Computation> {
  const slots = slotsOf(program, weights);
  await engine.load({ programs: { [program.name]: program }, slots, seed });
  for (const { name, kind, type } of slots) {
    if (kind !== 'parameter') continue;
    const values = weights[name];
    if (values?.length !== elementCount(type.shape)) {
      raise({
        code: 'checkpoint.otherNetwork',
        message: `The checkpoint does not belong to this network: "${name}" has ${values?.length ?? 0} values, expected ${elementCount(type.shape)}.`,
        hint: 'Train the network again.',
      });
    }
    await engine.write(name, values);
  }
  return {
    write: (slot, values) => engine.write(slot, values),
    run: ({ scalars, steps = 1, firstStep = 0 } = {}) =>
      engine.run(program.name, { steps, firstStep, ...(scalars === undefined ? {} : { scalars }) }),
    read: async (slot) => Float32Array.from(await engine.read(slot)),
  };
}

/** Slots of what goes in start with one of these; anything else a program reads must be in the checkpoint. */
const ownSlots = /^(?:input\/|state\/|output)/;

function slotsOf(program: Program, weights: Trained['weights']): SlotSpec[] {
  const assigned = new Set(program.assignments.map(({ slot }) => slot));
  const slots = new Map<string, SlotSpec>();
  for (const op of program.ops) {
    if (op.op !== 'slot') continue;
    const { slot: name } = op.attrs;
    const isOwn = ownSlots.test(name) && weights[name] === undefined;
    slots.set(name, { name, kind: isOwn ? (assigned.has(name) ? 'carry' : 'data') : 'parameter', type: program.values[op.output]! });
  }
  for (const { slot: name, value } of program.assignments) {
    if (!slots.has(name)) slots.set(name, { name, kind: 'carry', type: program.values[value]! });
  }
  return [...slots.values()];
}
