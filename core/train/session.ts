/** A training's engine session: the lowered programs with data, weights and counters in their slots. */
import type { PreparedData } from '../data/prepared.ts';
import type { Engine, SlotData } from '../engines/engine.ts';
import type { NetworkDocument } from '../graph/document.ts';
import { raise } from '../problem.ts';
import { initialiseParameters, lowerSession } from '../program/lowerSession.ts';
import type { LoweredSession } from '../program/lowerSession.ts';
import type { Checkpoint } from './records.ts';
import type { RunConfig } from './runConfig.ts';

export interface SessionSource {
  readonly config: RunConfig;
  readonly document: NetworkDocument;
  readonly data: PreparedData;
  readonly engine: Engine;
}

/**
 * Loads the engine, fills the data slots, and the others from the checkpoint or, without one, from the seed.
 * @throws ProblemError when the checkpoint belongs to another network or optimizer
 */
export async function openSession(source: SessionSource, checkpoint?: Checkpoint): Promise<LoweredSession> {
  const { config, document, data, engine } = source;
  const lowered = lowerSession({ document, config, data });
  const loading = engine.load({ programs: lowered.programs, slots: lowered.slots, seed: config.seed });
  // Drawn while the kernels are compiled.
  const start = checkpoint === undefined ? initialiseParameters(lowered, config.seed) : undefined;
  await loading;
  for (const { slot, values } of lowered.dataSlots) await engine.write(slot, values(data));

  for (const [slot, values] of start ?? []) await engine.write(slot, values);
  if (checkpoint !== undefined) await writeCheckpoint(engine, lowered, checkpoint);
  return lowered;
}

/** Names of the slots a checkpoint must hold. */
function persistentSlots(lowered: LoweredSession): { name: string; elements: number }[] {
  return lowered.slots
    .filter((slot) => slot.kind === 'parameter' || slot.kind === 'optimizer' || slot.kind === 'statistic' || slot.kind === 'carry')
    .map((slot) => ({ name: slot.name, elements: slot.type.shape.reduce((product, size) => product * size, 1) }));
}

/** The slots that make the network's predictions: weights, their averages, statistics. */
export async function readWeights(engine: Engine, lowered: LoweredSession): Promise<Checkpoint['slots']> {
  const slots: Record<string, Float32Array | Int32Array> = {};
  for (const { name, kind } of lowered.slots) {
    if (kind === 'parameter' || kind === 'statistic') slots[name] = plain(await engine.read(name));
  }
  return slots;
}

export async function writeSlots(engine: Engine, slots: Checkpoint['slots']): Promise<void> {
  for (const [name, values] of Object.entries(slots)) await engine.write(name, values);
}

async function writeCheckpoint(engine: Engine, lowered: LoweredSession, checkpoint: Checkpoint): Promise<void> {
  for (const { name, elements } of persistentSlots(lowered)) {
    const values = checkpoint.slots[name];
    if (values?.length !== elements) {
      raise({
        code: 'checkpoint.otherNetwork',
        message: `The checkpoint does not belong to this network: "${name}" has ${values === undefined ? 'no values' : `${values.length} values`}, expected ${elements}.`,
        hint: 'Resume with the network and optimizer the run was started with.',
      });
    }
    await engine.write(name, values);
  }
}

export async function readCheckpointSlots(engine: Engine, lowered: LoweredSession): Promise<Checkpoint['slots']> {
  const slots: Record<string, Float32Array | Int32Array> = {};
  for (const { name } of persistentSlots(lowered)) {
    slots[name] = plain(await engine.read(name));
  }
  return slots;
}

function plain(values: SlotData): Float32Array | Int32Array {
  return values instanceof Int32Array || values instanceof Float32Array ? values : Float32Array.from(values);
}
